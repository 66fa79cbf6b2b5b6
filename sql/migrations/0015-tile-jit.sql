-- Where the server compiles statements (jit, on by default), an edit of one parcel took 5 s to commit: the statement of
-- tile.reduce was compiled once a level. Compiling takes longer than any statement here runs. The functions that are
-- inlined (tile.area, tile.tile_column, …) have no statement of their own, and would no longer be inlined.
ALTER FUNCTION tile.announce(text, jsonb) SET jit = off;
ALTER FUNCTION tile.lose(text) SET jit = off;
ALTER FUNCTION tile.settle() SET jit = off;
