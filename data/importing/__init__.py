"""Own data in: a sheet of anyone's file to a checked change of the facts, with a report.

`data.importing.headers` tells what columns mean, `data.importing.mappings` keeps what was agreed
on, `data.importing.intake` reads and checks sheets by it and gives the change that a user agreed
to, `data.importing.report` says what was found, `data.importing.workbook` writes it for who made
the file.
"""
