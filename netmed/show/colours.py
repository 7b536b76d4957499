"""Colours that can be told apart, in a light and in a dark picture, also by colour-blind readers."""

LIGHT = ("#332288", "#CC6677", "#44AA99", "#DDCC77", "#882255", "#88CCEE", "#117733", "#AA4499", "#999933")
"""Nine colours (Paul Tol's "muted")."""

DARK = ("#8F86E8", "#E88A99", "#55C4B0", "#E6D88C", "#C9568F", "#A5DDF7", "#3FA35F", "#D57FD0", "#BDBD55")
"""The same nine for a dark ground."""

OTHER = "#C4C8CC"
"""Every smaller group, and accounts in none."""

OTHER_DARK = "#6B7178"
"""The same for a dark ground."""

STEPS_LIGHT = ("#C9D8E6", "#97BBD6", "#5E97BF", "#2B6FA3", "#0B4272")
"""From little to much, for a measure; lightness alone tells the order."""

STEPS_DARK = ("#2E4459", "#3F6A8F", "#5B93BF", "#8BBCE0", "#CFE8FA")
"""The same for a dark ground: more is lighter."""
