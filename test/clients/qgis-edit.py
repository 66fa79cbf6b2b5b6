"""Edits a layer of a WFS in QGIS, without a window, and tells in JSON what QGIS says of it.

qgis-edit.py URL VERSION TYPE EPSG STEPS, where STEPS is a list in JSON, each committed by itself:
{"add": {"wkt", "values"}}, {"change": {"where", "values", "wkt"}} or {"delete": {"where"}}. Of two layers that were
both read at the start, "reader": 1 in a step edits the second.
Answers {"canEdit", "commits": [{"done", "errors"}], "features": [{"wkt", "values"}]}: features as a new layer reads them.
"""
import json
import os
import sys
import tempfile

profile = tempfile.mkdtemp(prefix='qgis-edit-')
os.environ.update(QT_QPA_PLATFORM='offscreen', QGIS_CUSTOM_CONFIG_PATH=profile, XDG_RUNTIME_DIR=profile)

from qgis.core import QgsApplication, QgsFeature, QgsFeatureRequest, QgsGeometry, QgsVectorDataProvider, QgsVectorLayer

url, version, type_name, srs, steps = sys.argv[1:6]
application = QgsApplication([], False)
application.initQgis()
messages = []
application.messageLog().messageReceived.connect(lambda text, *_: messages.append(text))


def open_layer():
    source = f"url='{url}' version='{version}' typename='{type_name}' srsname='{srs}'"
    layer = QgsVectorLayer(source, 'layer', 'WFS')
    if not layer.isValid():
        raise SystemExit(f'QGIS does not open the layer: {layer.error().summary()} {messages}')
    return layer


def set_values(feature, values):
    for name, value in values.items():
        feature[name] = value


def add(layer, wkt, values):
    feature = QgsFeature(layer.fields())
    set_values(feature, values)
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    layer.addFeature(feature)


def change(layer, where, values=None, wkt=None):
    for feature in layer.getFeatures(QgsFeatureRequest().setFilterExpression(where)):
        for name, value in (values or {}).items():
            layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), value)
        if wkt:
            layer.changeGeometry(feature.id(), QgsGeometry.fromWkt(wkt))


def delete(layer, where):
    layer.deleteFeatures([each.id() for each in layer.getFeatures(QgsFeatureRequest().setFilterExpression(where))])


def commit(step):
    layer = readers[step.pop('reader', 0)]
    layer.startEditing()
    for name, arguments in step.items():
        {'add': add, 'change': change, 'delete': delete}[name](layer, **arguments)
    done = layer.commitChanges()
    errors = [] if done else layer.commitErrors()
    if not done:
        layer.rollBack()
    return {'done': done, 'errors': errors}


def plain(value):
    return None if value is None or str(value) == 'NULL' else value if isinstance(value, (int, float, bool)) else str(value)


readers = [open_layer(), open_layer()]
for reader in readers:
    list(reader.getFeatures())
can = readers[0].dataProvider().capabilities()
wanted = (QgsVectorDataProvider.AddFeatures, QgsVectorDataProvider.ChangeAttributeValues,
          QgsVectorDataProvider.ChangeGeometries, QgsVectorDataProvider.DeleteFeatures)
answer = {
    'canEdit': all(can & each for each in wanted),
    'commits': [commit(step) for step in json.loads(steps)],
    'features': [
        {'wkt': feature.geometry().asWkt(3), 'values': {field.name(): plain(feature[field.name()]) for field in feature.fields()}}
        for feature in open_layer().getFeatures()
    ],
}
print(json.dumps(answer))
sys.stdout.flush()
# Leaving QGIS in order crashes it now and then.
os._exit(0)
