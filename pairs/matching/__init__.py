"""Finding a partner: who fits whom, what the machine suggests, and the introduction that both must want."""
