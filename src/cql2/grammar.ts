import { grammar } from 'ohm-js';

/** In any case, and no part of a longer name. */
const WORDS = [
  ...['and', 'or', 'not', 'like', 'between', 'in', 'is', 'null', 'true', 'false', 'div'],
  ...['date', 'timestamp', 'interval', 'casei', 'accenti', 'bbox', 'geometrycollection'],
  ...['point', 'multipoint', 'linestring', 'multilinestring', 'polygon', 'multipolygon'],
]
  .map((word) => `  ${word} (${word.toUpperCase()}) = caseInsensitive<"${word}"> ~part`)
  .join('\n');

/**
 * CQL2 text (OGC 21-065r2, annex B). Rules with a capital letter pass over spaces. Where the standard tells kinds of
 * operands apart in the grammar, one rule reads them all and the types of the fields decide: a field is any of them.
 */
export const CQL2 = grammar(String.raw`CQL2 {
  Filter = BooleanExpression

  BooleanExpression = BooleanTerm (or BooleanTerm)*
  BooleanTerm = BooleanFactor (and BooleanFactor)*
  BooleanFactor
    = not BooleanFactor          -- not
    | Predicate
    | "(" BooleanExpression ")"  -- group
    | Operand                    -- holds

  Predicate
    = spatialOperator "(" GeometryOperand "," GeometryOperand ")"  -- spatial
    | temporalOperator "(" TemporalOperand "," TemporalOperand ")" -- temporal
    | arrayOperator "(" ArrayOperand "," ArrayOperand ")"          -- array
    | Operand comparison Operand                                   -- compare
    | Operand not? like Operand                                    -- like
    | Operand not? between Operand and Operand                     -- between
    | Operand not? in "(" ListOf<Operand, ","> ")"                 -- in
    | IsNullOperand is not? null                                   -- isNull

  comparison = "<>" | "<=" | ">=" | "=" | "<" | ">"
  spatialOperator = caseInsensitive<"s_"> letter+ ~part
  temporalOperator = caseInsensitive<"t_"> letter+ ~part
  arrayOperator = caseInsensitive<"a_"> letter+ ~part

  IsNullOperand = GeometryLiteral | Operand
  GeometryOperand = GeometryLiteral | Call | Property
  TemporalOperand = Interval | Instant | Call | Property
  ArrayOperand = List | Call | Property
  AnyOperand = GeometryLiteral | Interval | Operand | List

  Operand = Sum
  Sum
    = Sum "+" Product -- plus
    | Sum "-" Product -- minus
    | Product
  Product
    = Product "*" Power -- times
    | Product "/" Power -- over
    | Product "%" Power -- modulo
    | Product div Power -- div
    | Power
  Power
    = Factor "^" Factor -- power
    | Factor
  Factor
    = "-" Factor      -- negative
    | "+" Factor      -- positive
    | "(" Operand ")" -- group
    | Instant | Fold | Text | Number | Boolean | Call | Property

  Instant = (date | timestamp) "(" text ")"
  Interval = interval "(" IntervalEnd "," IntervalEnd ")"
  IntervalEnd = Instant | text -- text
    | Call | Property
  Fold = (casei | accenti) "(" Operand ")"
  Call = name "(" ListOf<AnyOperand, ","> ")"
  List = "(" ListOf<ListItem, ","> ")"
  ListItem = Operand | List
  Property
    = quotedName -- quoted
    | name       -- bare
  Text = text
  Number = number
  Boolean = true | false

  GeometryLiteral = Bbox | Collection | Shape
  Bbox = bbox "(" NonemptyListOf<SignedNumber, ","> ")"
  Collection = geometrycollection "(" NonemptyListOf<Shape, ","> ")"
  Shape
    = point dimension? Positions            -- point
    | multipoint dimension? "(" NonemptyListOf<Positions, ","> ")" -- points
    | multipoint dimension? Positions       -- plainPoints
    | linestring dimension? Positions       -- line
    | (multilinestring | polygon) dimension? Lines -- lines
    | multipolygon dimension? "(" NonemptyListOf<Lines, ","> ")"   -- polygons
  Lines = "(" NonemptyListOf<Positions, ","> ")"
  Positions = "(" NonemptyListOf<Position, ","> ")"
  Position = SignedNumber SignedNumber SignedNumber? SignedNumber?
  SignedNumber = signed

  signed = ("+" | "-")? number
  number (a number) = decimal exponent?
  decimal
    = digit+ "." digit* -- fraction
    | digit+            -- whole
    | "." digit+        -- point
  exponent = caseInsensitive<"e"> ("+" | "-")? digit+
  text (text in '…') = "'" textCharacter* "'"
  textCharacter = "''" -- quote
    | "\\'" -- escape
    | ~"'" any -- plain
  quotedName (a name in "…") = "\"" quotedCharacter+ "\""
  quotedCharacter = "\"\"" -- quote
    | ~"\"" any -- plain
  name (a name) = ~reserved identifier
  identifier = (letter | "_" | ":") part*
  part = letter | digit | "_" | ":" | "." | "$" | "\u0300".."\u036f"

${WORDS}
  dimension = caseInsensitive<"zm"> ~part -- zm
    | caseInsensitive<"z"> ~part -- z
    | caseInsensitive<"m"> ~part -- m
  reserved = and | or | not | like | between | in | is | null | true | false | div
}`);
