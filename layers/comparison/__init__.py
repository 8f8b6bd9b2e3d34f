"""Places side by side: on the page, printed, as text and as a workbook."""
