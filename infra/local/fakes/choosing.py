"""The page on which one chooses whom to sign in as, without a line of script."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

STYLE = """\
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 24rem; margin: 10vh auto; padding: 0 1rem; }
h1 { font-size: 1.3rem; }
ul { list-style: none; padding: 0; }
a { display: block; margin: .5rem 0; padding: .8rem 1rem; border: 1px solid #8886; border-radius: .7rem;
    color: inherit; text-decoration: none; }
a:hover, a:focus-visible { border-color: #07f; outline: none; }
small { display: block; opacity: .75; }
"""
_PAGE = """\
<!doctype html>
<html lang="ru">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="stylesheet" href="{style}">
</head>
<body>
  <h1>{title}</h1>
  <p>{note}</p>
  <ul>
{links}
  </ul>
</body>
</html>
"""


def page(title: str, note: str, style: str, links: Iterable[tuple[str, str, str]] = ()) -> str:
    """The page in HTML.

    Shape: each link is its address, its words, and smaller words below them; `style` is the address of `STYLE`.
    """
    rows = [f'    <li><a href="{escape(url)}">{escape(words)}{_small(below)}</a></li>' for url, words, below in links]
    return _PAGE.format(title=escape(title), note=escape(note), style=escape(style), links="\n".join(rows))


def _small(words: str) -> str:
    return f"<small>{escape(words)}</small>" if words else ""
