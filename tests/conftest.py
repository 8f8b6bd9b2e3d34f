from hypothesis import settings

# Time limits of single examples say more about the machine than about the code.
settings.register_profile("project", deadline=None)
settings.load_profile("project")
