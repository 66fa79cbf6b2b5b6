import { Xml, xml } from '../../lib/xml.ts';

const COMPARISON_OPERATORS = [
  'PropertyIsEqualTo',
  'PropertyIsNotEqualTo',
  'PropertyIsLessThan',
  'PropertyIsGreaterThan',
  'PropertyIsLessThanOrEqualTo',
  'PropertyIsGreaterThanOrEqualTo',
  'PropertyIsLike',
  'PropertyIsNull',
  'PropertyIsNil',
  'PropertyIsBetween',
];
const SPATIAL = [
  'BBOX',
  'Equals',
  'Disjoint',
  'Intersects',
  'Touches',
  'Crosses',
  'Within',
  'Contains',
  'Overlaps',
  'Beyond',
  'DWithin',
];
const TEMPORAL = ['After', 'Before', 'During', 'TEquals'];
const GEOMETRIES = [
  'Envelope',
  'Point',
  'MultiPoint',
  'LineString',
  'Curve',
  'MultiCurve',
  'Polygon',
  'Surface',
  'MultiSurface',
  'MultiGeometry',
];
/** FES 2.0, table 13: implemented or not. */
const CONFORMANCE: Readonly<Record<string, boolean>> = {
  ImplementsQuery: true,
  ImplementsAdHocQuery: true,
  ImplementsFunctions: false,
  ImplementsResourceId: true,
  ImplementsMinStandardFilter: true,
  ImplementsStandardFilter: true,
  ImplementsMinSpatialFilter: true,
  ImplementsSpatialFilter: true,
  ImplementsMinTemporalFilter: true,
  ImplementsTemporalFilter: false,
  ImplementsVersionNav: false,
  ImplementsSorting: true,
  ImplementsExtendedOperators: false,
  ImplementsMinimumXPath: true,
  ImplementsSchemaElementFunc: false,
};

/**
 * Returns constraints that list what is implemented.
 * @param element of OWS Common or of the filter's own namespace
 */
export function constraints(
  element: 'ows:Constraint' | 'fes:Constraint',
  values: Readonly<Record<string, boolean | string>>,
): Xml[] {
  const tag = new Xml(element);
  return Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'boolean' ? String(value).toUpperCase() : value;
    return xml`
    <${tag} name="${name}"><ows:NoValues/><ows:DefaultValue>${text}</ows:DefaultValue></${tag}>`;
  });
}

/** Returns the filter capabilities in the form of WFS 2.0. */
export function filterCapabilities(): Xml {
  return xml`<fes:Filter_Capabilities>
    <fes:Conformance>${constraints('fes:Constraint', CONFORMANCE)}
    </fes:Conformance>
    <fes:Id_Capabilities><fes:ResourceIdentifier name="fes:ResourceId"/></fes:Id_Capabilities>
    <fes:Scalar_Capabilities>
      <fes:LogicalOperators/>
      <fes:ComparisonOperators>${COMPARISON_OPERATORS.map(
        (name) => xml`
        <fes:ComparisonOperator name="${name}"/>`,
      )}
      </fes:ComparisonOperators>
    </fes:Scalar_Capabilities>
    <fes:Spatial_Capabilities>
      <fes:GeometryOperands>${GEOMETRIES.map(
        (name) => xml`
        <fes:GeometryOperand name="gml:${name}"/>`,
      )}
      </fes:GeometryOperands>
      <fes:SpatialOperators>${SPATIAL.map(
        (name) => xml`
        <fes:SpatialOperator name="${name}"/>`,
      )}
      </fes:SpatialOperators>
    </fes:Spatial_Capabilities>
    <fes:Temporal_Capabilities>
      <fes:TemporalOperands><fes:TemporalOperand name="gml:TimeInstant"/><fes:TemporalOperand name="gml:TimePeriod"/></fes:TemporalOperands>
      <fes:TemporalOperators>${TEMPORAL.map(
        (name) => xml`
        <fes:TemporalOperator name="${name}"/>`,
      )}
      </fes:TemporalOperators>
    </fes:Temporal_Capabilities>
  </fes:Filter_Capabilities>`;
}

/** Names in WFS 1.1, without `PropertyIs`. */
const OLD_COMPARISONS = [
  'LessThan',
  'GreaterThan',
  'LessThanEqualTo',
  'GreaterThanEqualTo',
  'EqualTo',
  'NotEqualTo',
  'Like',
  'Between',
  'NullCheck',
];

/** Returns the filter capabilities in the form of WFS 1.1.0. */
export function oldFilterCapabilities(): Xml {
  return xml`<ogc:Filter_Capabilities>
    <ogc:Spatial_Capabilities>
      <ogc:GeometryOperands>${['Envelope', 'Point', 'LineString', 'Polygon'].map(
        (name) => xml`
        <ogc:GeometryOperand>gml:${name}</ogc:GeometryOperand>`,
      )}
      </ogc:GeometryOperands>
      <ogc:SpatialOperators>${SPATIAL.map(
        (name) => xml`
        <ogc:SpatialOperator name="${name}"/>`,
      )}
      </ogc:SpatialOperators>
    </ogc:Spatial_Capabilities>
    <ogc:Scalar_Capabilities>
      <ogc:LogicalOperators/>
      <ogc:ComparisonOperators>${OLD_COMPARISONS.map(
        (name) => xml`
        <ogc:ComparisonOperator>${name}</ogc:ComparisonOperator>`,
      )}
      </ogc:ComparisonOperators>
    </ogc:Scalar_Capabilities>
    <ogc:Id_Capabilities><ogc:EID/><ogc:FID/></ogc:Id_Capabilities>
  </ogc:Filter_Capabilities>`;
}

/** Returns the filter capabilities in the form of WFS 1.0.0. */
export function oldestFilterCapabilities(): Xml {
  const spatial = SPATIAL.map((name) => new Xml(name === 'Intersects' ? 'Intersect' : name));
  return xml`<ogc:Filter_Capabilities>
    <ogc:Spatial_Capabilities><ogc:Spatial_Operators>${spatial.map(
      (name) => xml`
      <ogc:${name}/>`,
    )}
    </ogc:Spatial_Operators></ogc:Spatial_Capabilities>
    <ogc:Scalar_Capabilities>
      <ogc:Logical_Operators/>
      <ogc:Comparison_Operators><ogc:Simple_Comparisons/><ogc:Like/><ogc:Between/><ogc:NullCheck/></ogc:Comparison_Operators>
    </ogc:Scalar_Capabilities>
  </ogc:Filter_Capabilities>`;
}
