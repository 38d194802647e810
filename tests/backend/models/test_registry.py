import pytest

from backend.errors import BadInput
from backend.models.catalog import BUILT_IN, CLASSIC
from backend.models.registry import Registry
from backend.protocol import codes
from backend.protocol.defaults import DEFAULT_MODEL


def test_registering_returns_a_new_registry():
    empty = Registry()
    assert len(empty.register(CLASSIC)) == 1
    assert len(empty) == 0


def test_an_id_is_registered_once():
    with pytest.raises(ValueError, match="classic"):
        Registry().register(CLASSIC, CLASSIC)


def test_specs_cannot_be_changed_from_outside():
    with pytest.raises(TypeError):
        Registry().register(CLASSIC).specs["other"] = CLASSIC


def test_an_unknown_model_names_near_ones():
    with pytest.raises(BadInput, match=r"sam2\.1-tiny") as caught:
        BUILT_IN.get("sam2-tiny")
    assert caught.value.code == codes.MODEL_UNKNOWN


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("clasic", "did you mean classic?"),
        ("satclip-vit", "did you mean satclip-vit16-l10 or satclip-vit16-l40?"),
        ("nonsense", "`models list` shows those there are."),
        ("", "`models list` shows those there are."),
    ],
)
def test_only_near_models_are_named(asked, hint):
    with pytest.raises(BadInput) as caught:
        BUILT_IN.get(asked)
    assert caught.value.detail == f"There is no model {asked!r}; {hint}"


def test_every_task_has_a_default_that_ships():
    for task, model_id in DEFAULT_MODEL.items():
        spec = BUILT_IN.get(model_id)
        assert task in spec.tasks
        assert spec.weights is None
        assert spec in BUILT_IN.for_task(task)
