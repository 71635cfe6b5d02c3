"""``palermo map``: propose how the columns of a file become ours, with the reasons. Start at ``proposal.py``."""

from palermo.intake.propose.proposal import Proposal, proposal_toml, propose_mapping

__all__ = ["Proposal", "proposal_toml", "propose_mapping"]
