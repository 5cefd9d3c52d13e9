"""How Sphinx builds the guide; what its chapters are made with is checker/guide/."""

project = "Loopback"
author = "Loopback's authors"
copyright = "Loopback's authors, CC BY 4.0"
extensions = ["myst_parser", "checker.guide.extension"]
exclude_patterns = ["WRITING.md"]
nitpicky = True
language = "en"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

html_title = "Loopback: the guide"
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["guide.css"]
html_js_files = ["question.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_search_summary = False  # it fetches pages, which browsers forbid for files
html_last_updated_fmt = None
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
