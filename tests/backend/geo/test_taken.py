import pytest

from backend.geo.taken import time_taken


@pytest.mark.parametrize(
    ("tags", "time"),
    [
        ({"TIFFTAG_DATETIME": "2024:05:01 10:30:00"}, "2024-05-01T10:30:00Z"),
        ({"ACQUISITIONDATETIME": "2024-05-01 10:30:00.25"}, "2024-05-01T10:30:00Z"),
        ({"acquisition_date": "2024-05-01"}, "2024-05-01T00:00:00Z"),
        ({"datetime": "2024-05-01T10:30:00+02:00"}, "2024-05-01T08:30:00Z"),
        ({"PRODUCT_START_TIME": "2024-05-01T10:30:00.024Z"}, "2024-05-01T10:30:00Z"),
        ({"TIFFTAG_DATETIME": "2025:01:01 00:00:00", "DATE_ACQUIRED": "2024-05-01"}, "2024-05-01T00:00:00Z"),
        ({"TIFFTAG_DATETIME": "2025:01:01 00:00:00", "ACQUISITION_DATE": "unknown"}, "2025-01-01T00:00:00Z"),
        ({"TIFFTAG_DATETIME": "0000:00:00 00:00:00"}, ""),
        ({"DATETIME": "0001-01-01T00:00:00+05:00"}, ""),
        ({"DATETIME": ""}, ""),
        ({"AREA_OR_POINT": "Area"}, ""),
    ],
)
def test_the_surest_tag_that_is_a_time(tags, time):
    assert time_taken(tags) == time
