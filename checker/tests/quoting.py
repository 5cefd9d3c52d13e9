"""A name that a shell, or sbatch(1), could take for more than a name."""

HOSTILE = "a 'class' \"of\" $(touch pwned) `touch pwned` \n#SBATCH --array=1-99\n; touch pwned"
