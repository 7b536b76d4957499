"""How large the disc of an account is: its area grows with what the measure has above the least."""

import numpy as np
import pandas as pd


def radius_range(accounts: int) -> tuple[float, float]:
    """Smallest and largest disc in a picture of so many accounts, pixels at zoom 1."""
    many = max(accounts, 30) / 30
    return round(8 * many**-0.25, 2), round(25 * many**-0.13, 2)


def radius(values: pd.Series, smallest: float, largest: float) -> list[float]:
    """Radius of each disc: its area grows with what it has above the least. The page's script does the same."""
    known = np.maximum(values.to_numpy(dtype=float, na_value=0.0), 0.0)
    known = np.where(np.isfinite(known), known, 0.0)
    above = known - known.min() if len(known) else known
    share = np.sqrt(above / above.max()) if above.any() else above
    return [float(r) for r in smallest + (largest - smallest) * share]
