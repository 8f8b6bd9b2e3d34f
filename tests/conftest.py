from collections.abc import Iterator

import pytest
from hypothesis import settings

from data.boundaries.official import CACHE_VARIABLE
from data.workspace.store import WORKSPACE_VARIABLE

# Time limits of single examples say more about the machine than about the code. As many examples
# as keep the whole quick; another profile can be named on the command line.
settings.register_profile("project", deadline=None, max_examples=40)
settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep out what the user fetched and brought in: it would change boundaries and figures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(WORKSPACE_VARIABLE, str(tmp_path_factory.mktemp("own") / "workspace.gpkg"))
        patch.setenv(CACHE_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
