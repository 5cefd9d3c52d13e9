#!/bin/sh
# Gradescope runs this once, as root, when it builds the autograder's image.
set -eu
exec /autograder/source/loopback/scripts/setup
