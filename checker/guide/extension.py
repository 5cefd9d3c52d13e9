"""The Sphinx extension with all that the guide's chapters can contain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checker.guide.directives import folding, judged, question, transcript
from checker.guide.directives.briefing import BriefingDirective
from checker.guide.directives.experiment import ExperimentDirective
from checker.guide.directives.man import ManRole
from checker.guide.directives.region import RegionDirective
from checker.guide.directives.task import TaskRole
from checker.guide.recorder import Recorder

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_builder(Recorder)
    app.add_directive("briefing", BriefingDirective)
    app.add_directive("experiment", ExperimentDirective)
    app.add_directive("failure", judged.FailureDirective)
    app.add_directive("ladder", judged.LadderDirective)
    app.add_directive("question", question.QuestionDirective)
    app.add_directive("region", RegionDirective)
    app.add_directive("transcript", transcript.TranscriptDirective)
    app.add_role("man", ManRole())
    app.add_role("task", TaskRole())
    app.add_node(folding.folding, html=(folding.visit, folding.depart))
    app.add_node(judged.ladder_picture, html=(judged.visit_ladder, judged.depart_ladder))
    app.add_node(question.question, html=(question.visit_question, question.depart_question))
    app.add_node(question.choices, html=(question.visit_choices, question.depart_choices))
    app.add_node(question.choice, html=(question.visit_choice, question.depart_choice))
    app.add_node(transcript.transcript, html=(transcript.visit, None))
    app.connect("doctree-resolved", question.move_answers)
    return {"version": "1", "parallel_read_safe": False}
