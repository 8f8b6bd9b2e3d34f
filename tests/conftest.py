from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from data.boundaries.official import CACHE_VARIABLE
from data.workspace.store import WORKSPACE_VARIABLE

# Time limits of single examples say more about the machine than about the code. As many examples
# as keep the whole quick; another profile can be named on the command line.
settings.register_profile("project", deadline=None, max_examples=40)
settings.load_profile("project")


BROWSER_TESTS = Path(__file__).parent / "e2e"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares fixtures in one worker: a file, and all that drives a browser.

    Two browsers and two servers at once would starve each other on a machine of two cores.
    """
    for item in items:
        group = "browser" if BROWSER_TESTS in item.path.parents else item.nodeid.split("::")[0]
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep out what the user fetched and brought in: it would change boundaries and figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(WORKSPACE_VARIABLE, str(tmp_path_factory.mktemp("own") / "workspace.gpkg"))
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
