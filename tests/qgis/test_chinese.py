"""The compiled translation, loaded the way Qt does it, answers each text of the code in Chinese where the code asks."""

import importlib
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from qgis.PyQt.QtCore import QCoreApplication, QObject, QSettings, QTranslator
from toposcope.plugin import backend_texts, plugin
from toposcope.plugin.gui import labels
from toposcope.plugin.server import text as server_text

from tests.translatable import TS, texts


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Return the folder with the compiled translation."""
    lrelease = shutil.which("lrelease") or "/usr/lib/qt5/bin/lrelease"
    if not Path(lrelease).exists():
        pytest.skip("needs lrelease (qttools5-dev-tools)")
    target = tmp_path_factory.mktemp("i18n") / f"{TS.stem}.qm"
    subprocess.run([lrelease, "-silent", str(TS), "-qm", str(target)], check=True)
    return target.parent


@pytest.fixture
def chinese(qgis_app, compiled):
    translator = _installed(compiled)
    server_text.use_translator(QCoreApplication.translate)
    yield
    server_text.use_english()
    QCoreApplication.removeTranslator(translator)


@pytest.fixture
def locale(qgis_app):
    """Return a function that sets QGIS's language."""
    before = {key: QSettings().value(key) for key in ("locale/overrideFlag", "locale/userLocale")}

    def use(name):
        QSettings().setValue("locale/overrideFlag", True)
        QSettings().setValue("locale/userLocale", name)

    yield use
    for key, value in before.items():
        QSettings().setValue(key, value) if value is not None else QSettings().remove(key)


def _installed(folder):
    translator = QTranslator()
    assert translator.load(str(folder / TS.stem))
    QCoreApplication.installTranslator(translator)
    return translator


def asked(text):
    """Return what the running code gets for a text, by the very function it calls."""
    module = importlib.import_module(f"toposcope.{text.module}")
    if text.kind == "tr":
        return module.tr(text.text)
    if text.kind == "self.tr":
        owner = getattr(module, text.context)
        assert issubclass(owner, QObject), f"{owner} has no tr()"
        assert not owner.__subclasses__(), f"a subclass of {owner} would ask under its own name"
        return type(text.context, (QObject,), {})().tr(text.text)
    return getattr(module, "translate", QCoreApplication.translate)(text.context, text.text)


def test_every_text_of_the_code_comes_back_in_chinese(chinese):
    wanted = {
        (context.findtext("name"), message.findtext("source")): message.findtext("translation")
        for context in ElementTree.parse(TS).getroot().iter("context")
        for message in context.iter("message")
    }
    found = texts()
    assert len(found) > 300
    assert not [text for text in found if asked(text) != wanted.get((text.context, text.text))]


def test_what_the_backend_fills_in_survives(chinese):
    assert backend_texts.translated("Object 3 of 12") == "对象 3/12"
    assert labels.text("Object 'a': Nothing was found; no polygon was made.").startswith("对象 'a'：没有找到")
    words = backend_texts.translated("PyTorch for CUDA 13.0 cannot use the NVIDIA driver. Update the driver. Boom.")
    assert "CUDA 13.0" in words
    assert words.endswith("请更新驱动程序。 Boom.")


@pytest.mark.parametrize("name", ["zh_CN", "zh-Hans", "zh"])
def test_the_plugin_speaks_chinese_until_it_is_unloaded(name, locale, compiled, qgis_iface, monkeypatch, tmp_path):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path))
    monkeypatch.setattr(plugin, "TRANSLATIONS", compiled)
    locale(name)
    loaded = plugin.ToposcopePlugin(qgis_iface)
    loaded.initGui()
    assert loaded.show_action.toolTip() == "Toposcope：单击即可分割"
    assert server_text.translate("Server", "The disk is full.") == "磁盘已满。"
    loaded.unload()
    assert QCoreApplication.translate("ToposcopePlugin", "Jobs") == "Jobs"
    other = _installed(compiled)
    assert server_text.translate("Server", "The disk is full.") == "The disk is full."
    QCoreApplication.removeTranslator(other)


@pytest.mark.parametrize("name", ["en_US", "de", "zh_TW"])
def test_other_languages_get_english(name, locale, compiled, qgis_iface, monkeypatch, tmp_path):
    monkeypatch.setattr(plugin, "TRANSLATIONS", compiled)
    locale(name)
    plugin.ToposcopePlugin(qgis_iface)
    assert QCoreApplication.translate("ToposcopePlugin", "Jobs") == "Jobs"
    server_text.use_english()
