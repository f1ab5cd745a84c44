"""Arrays: a scenario compiled into shapes, numbers and the layers of a month. The only room that sees both sides."""

from outlast.game.compile import Game, compile

__all__ = ["Game", "compile"]
