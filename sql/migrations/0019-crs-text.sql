-- The VN-2000 systems for tools that read `srtext`, as GDAL and QGIS do. The names of the datum are ours: by EPSG's own
-- name GDAL would know it, drop TOWGS84 and move what lies south of 11.04° N by 0.8 m again. PostGIS prefers this text to
-- proj4text, and gives the same coordinates with both.
-- An authority that is an empty text is none for PROJ as well, but ST_AsGeoJSON, which names the system, fails on NULL.
UPDATE spatial_ref_sys
SET auth_name = '', auth_srid = srid, srtext = CASE WHEN proj4text LIKE '+proj=longlat %' THEN geographic ELSE format(
  'PROJCS["VN-2000 (QD 05/2007) / %s",%s,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",%s],PARAMETER["scale_factor",%s],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],UNIT["metre",1],AXIS["Easting",EAST],AXIS["Northing",NORTH]]',
  CASE srid WHEN 3405 THEN 'UTM zone 48N' WHEN 3406 THEN 'UTM zone 49N'
    ELSE format('TM-3 %s-%s', floor(meridian), lpad((60 * (meridian - floor(meridian)))::integer::text, 2, '0')) END,
  geographic, meridian, scale) END
FROM (
  SELECT srid AS number, substring(proj4text FROM '\+lon_0=(\S+)')::numeric AS meridian, substring(proj4text FROM '\+k=(\S+)') AS scale,
    'GEOGCS["VN-2000 (QD 05/2007)",DATUM["VN-2000 (QD 05/2007)",SPHEROID["WGS 84",6378137,298.257223563],TOWGS84[-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]' AS geographic
  FROM spatial_ref_sys
) AS system
WHERE number = srid AND auth_name IS NULL AND proj4text LIKE '%+towgs84=-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278%';
