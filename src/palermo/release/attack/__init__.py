"""The attacker: tries on a release what somebody who wants to find a person would try."""
