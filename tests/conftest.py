from collections.abc import Iterator

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from data.boundaries.official import CACHE_VARIABLE
from data.workspace.store import WORKSPACE_VARIABLE

# Time limits of single examples say more about the machine than about the code. As many examples
# as keep the whole quick; another profile can be named on the command line.
settings.register_profile("project", deadline=None, max_examples=40)
settings.load_profile("project")

BROWSER_TESTS = "tests/e2e/"


class FilesAndOneBrowser(LoadFileScheduling):  # type: ignore[misc]
    """Keep the tests of a file in one worker, and all that drive a browser.

    Two browsers and two servers at once would starve each other on a machine of two cores.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER_TESTS if nodeid.startswith(BROWSER_TESTS) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    return FilesAndOneBrowser(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep out what the user fetched and brought in: it would change boundaries and figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(WORKSPACE_VARIABLE, str(tmp_path_factory.mktemp("own") / "workspace.gpkg"))
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
