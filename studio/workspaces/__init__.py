"""The workspaces of the window, in their order: a folder each, and a line here. None knows another, nor the window."""

from __future__ import annotations

from studio.workspace import Workspace
from studio.workspaces.compare.workspace import CompareWorkspace
from studio.workspaces.explore.workspace import ExploreWorkspace
from studio.workspaces.style.workspace import StyleWorkspace
from studio.workspaces.train.workspace import TrainWorkspace

WORKSPACES: tuple[type[Workspace], ...] = (
    TrainWorkspace,
    ExploreWorkspace,
    CompareWorkspace,
    StyleWorkspace,
)
