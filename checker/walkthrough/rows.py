"""A list of rows, of which one is highlighted, without colour too."""

from __future__ import annotations

from textual.style import Style
from textual.widgets import OptionList


class Rows(OptionList):
    """Says reverse where the style sheet does, which Textual 8.2 forgets."""

    def get_visual_style(self, *component_classes: str, partial: bool = False) -> Style:
        style = super().get_visual_style(*component_classes, partial=partial)
        if self.has_focus and "option-list--option-highlighted" in component_classes:
            return style + Style(reverse=True)
        return style
