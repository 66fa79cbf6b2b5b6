#!/usr/bin/python3
"""qgis-style.py BASE Z Y X: opens the layer definitions of a server in QGIS, and compares pictures with the server's own.

Prints one JSON document:
  definitions: for each style, the layers of its .qlr, whether each is valid, and how many symbols and labels its tiles have
  shares: of the parcels in one tile of 256 px, the share of pixels whose colour differs from the server's picture by more
          than TOLERANCE in any channel: drawn from tiles (.qlr), from features (.qlr, WFS), with .qml and with .sld
  log: messages of QGIS beyond information
"""
import json
import os
import shutil
import sys
import tempfile
import urllib.request

profile = tempfile.mkdtemp(prefix='diaba-qgis-')
os.environ.update(QT_QPA_PLATFORM='offscreen', XDG_RUNTIME_DIR=profile, QGIS_CUSTOM_CONFIG_PATH=profile)

from qgis.core import (  # noqa: E402
    QgsApplication, QgsCoordinateReferenceSystem, QgsExpressionContext, QgsExpressionContextUtils, QgsLayerDefinition, QgsMapRendererParallelJob, QgsMapSettings,
    QgsProject, QgsRectangle, QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QEventLoop, QSize  # noqa: E402
from qgis.PyQt.QtGui import QColor, QImage  # noqa: E402

TOLERANCE = 48
SIZE = 256
WORLD = 20037508.342789244

base, z, y, x = sys.argv[1], *map(int, sys.argv[2:5])
app = QgsApplication([], False)
app.initQgis()
log = []
QgsApplication.messageLog().messageReceived.connect(
    lambda text, tag, level: log.append(f'{tag}: {text}') if int(level) > 0 else None)


def fetch(path, name):
    request = urllib.request.Request(base + path, headers={'User-Agent': 'Mozilla/5.0 QGIS/32216/Linux'})
    file = os.path.join(profile, name)
    with urllib.request.urlopen(request) as answer, open(file, 'wb') as out:
        out.write(answer.read())
    return file


def load(path, name):
    project = QgsProject.instance()
    project.clear()
    loaded, message = QgsLayerDefinition.loadLayerDefinition(fetch(path, name), project, project.layerTreeRoot())
    if not loaded:
        raise RuntimeError(f'{path}: {message}')
    return list(project.mapLayers().values())


def picture(layer):
    side = 2 * WORLD / 2 ** z
    left, top = -WORLD + x * side, WORLD - y * side
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem('EPSG:3857'))
    settings.setExtent(QgsRectangle(left, top - side, left + side, top))
    settings.setOutputSize(QSize(SIZE, SIZE))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor('white'))
    # As the window of QGIS does: symbols see the scale of the map.
    context = QgsExpressionContext()
    context.appendScope(QgsExpressionContextUtils.globalScope())
    context.appendScope(QgsExpressionContextUtils.mapSettingsScope(settings))
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    waiting = QEventLoop()
    job.finished.connect(waiting.quit)
    job.start()
    waiting.exec_()
    return job.renderedImage().convertToFormat(QImage.Format_RGB32)


def reference():
    """The server's own picture of the parcels, on white."""
    path = f'/collections/land.parcel/styles/land/map/tiles/WebMercatorQuad/{z}/{y}/{x}'
    drawn = QImage(fetch(path, 'reference.png'))
    onto = QImage(drawn.size(), QImage.Format_RGB32)
    onto.fill(QColor('white'))
    from qgis.PyQt.QtGui import QPainter
    painter = QPainter(onto)
    painter.drawImage(0, 0, drawn)
    painter.end()
    return onto


def share(image, other):
    different = 0
    for row in range(SIZE):
        for column in range(SIZE):
            a, b = QColor(image.pixel(column, row)), QColor(other.pixel(column, row))
            if max(abs(a.red() - b.red()), abs(a.green() - b.green()), abs(a.blue() - b.blue())) > TOLERANCE:
                different += 1
    return round(different / SIZE ** 2, 4)


def painted(image):
    return round(sum(image.pixel(c, r) & 0xffffff != 0xffffff for r in range(SIZE) for c in range(SIZE)) / SIZE ** 2, 4)


styles = [each['id'] for each in json.load(urllib.request.urlopen(base + '/styles'))['styles']]
definitions = {}
for style in styles:
    layers = load(f'/styles/{style}?f=qlr', f'{style}.qlr')
    tiles = next(layer for layer in layers if isinstance(layer, QgsVectorTileLayer))
    definitions[style] = {
        'layers': {layer.name(): layer.isValid() for layer in layers},
        'symbols': len(tiles.renderer().styles()),
        'labels': len(tiles.labeling().styles()),
    }

expected = reference()
layers = load('/collections/land.parcel/styles/land?f=qlr', 'parcel.qlr')
tiles = next(layer for layer in layers if isinstance(layer, QgsVectorTileLayer))
features = next(layer for layer in layers if isinstance(layer, QgsVectorLayer))
tiles.setLabeling(None)
features.setLabelsEnabled(False)
pictures = {'tiles': picture(tiles), 'features': picture(features)}
for form, read in (('qml', features.loadNamedStyle), ('sld', features.loadSldStyle)):
    message, loaded = read(fetch(f'/collections/land.parcel/styles/land?f={form}', f'parcel.{form}'))
    if not loaded:
        raise RuntimeError(f'{form}: {message}')
    features.setLabelsEnabled(False)
    pictures[form] = picture(features)
keep = os.environ.get('PICTURES')
if keep:
    for name, image in {**pictures, 'reference': expected}.items():
        image.save(os.path.join(keep, f'{name}.png'))
print(json.dumps({
    'definitions': definitions,
    'shares': {name: share(image, expected) for name, image in pictures.items()},
    'painted': {name: painted(image) for name, image in {**pictures, 'reference': expected}.items()},
    'log': log,
}), flush=True)
shutil.rmtree(profile, ignore_errors=True)
os._exit(0)
