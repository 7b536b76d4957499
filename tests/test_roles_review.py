"""The sheet for coders: blinded, drawn with known probabilities, the same for the same seed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netmed import roles
from netmed.errors import NetmedError
from netmed.roles.reviewing import LEAST, allocated


def accounts(size: int = 600, seed: int = 5) -> pd.DataFrame:
    """Invented accounts with roles as a classifier might give them."""
    chance = np.random.default_rng(seed)
    names = chance.choice(["physician", "trainee", "other_clinician", "organisation", "other", "unknown"], size)
    sure = chance.uniform(0.3, 1, size)
    return pd.DataFrame(
        {
            "account_key": [f"x:{number:04}" for number in range(size)],
            "handle": [f"h{number}" for number in range(size)],
            "name": [f"Invented {number}" for number in range(size)],
            "description": ["A bio"] * size,
            "role": names,
            "role_evidence": "words",
            "p_physician": np.where(names == "physician", sure, (1 - sure) / 3),
            "p_trainee": np.where(names == "trainee", sure, (1 - sure) / 3),
        }
    )


def test_the_sheet_is_blinded_and_the_key_has_what_it_hides() -> None:
    drawn = roles.review(accounts(), 100, seed=7)
    assert list(drawn.sheet) == ["account_key", "handle", "name", "description", "coder_1", "coder_2", "note"]
    assert drawn.sheet[["coder_1", "coder_2", "note"]].isna().all(axis=None)
    assert list(drawn.key) == [
        *("account_key", "stratum", "n_stratum", "n_sampled"),
        *("predicted_role", "p_physician", "p_trainee"),
    ]
    assert sorted(drawn.sheet["account_key"]) == drawn.key["account_key"].tolist()
    assert drawn.sheet["account_key"].tolist() != drawn.key["account_key"].tolist()  # in random order
    assert len(drawn.sheet) == 100
    assert drawn.accounts == 600
    whole = accounts().set_index("account_key").loc[drawn.key["account_key"]]
    assert whole["role"].tolist() == drawn.key["predicted_role"].tolist()
    assert "physician" not in str(drawn.sheet.attrs["meta"])


def test_strata_sum_to_the_accounts_and_their_counts_are_true() -> None:
    drawn = roles.review(accounts(), 100, seed=7)
    strata = drawn.key.groupby("stratum").agg(
        rows=("n_sampled", "size"), n=("n_sampled", "max"), of=("n_stratum", "max")
    )
    assert (strata["rows"] == strata["n"]).all()
    assert (strata["n"] >= np.minimum(LEAST, strata["of"])).all()
    assert strata["of"].sum() == 600
    weights = drawn.key["n_stratum"] / drawn.key["n_sampled"]
    assert weights.sum() == pytest.approx(600)
    physicians = drawn.key["predicted_role"] == "physician"
    assert 0.3 < physicians.mean() < 0.5


def test_the_same_seed_draws_the_same_in_any_order_of_rows() -> None:
    first = roles.review(accounts(), 50, seed=3)
    mixed = roles.review(accounts().sample(frac=1, random_state=1), 50, seed=3)
    pd.testing.assert_frame_equal(first.sheet, mixed.sheet)
    pd.testing.assert_frame_equal(first.key, mixed.key)
    assert roles.review(accounts(), 50, seed=4).sheet["account_key"].tolist() != first.sheet["account_key"].tolist()


def test_accounts_of_a_roster_and_without_a_role_are_not_drawn() -> None:
    table = accounts(40)
    table["role"] = table["role"].astype(object)
    table.loc[:9, "role_evidence"] = "roster"
    table.loc[10:19, "role"] = None
    drawn = roles.review(table, 500)
    assert sorted(drawn.sheet["account_key"]) == table["account_key"].tolist()[20:]
    assert (drawn.accounts, drawn.by_roster) == (20, 10)
    assert (drawn.key["n_stratum"] == drawn.key["n_sampled"]).all()


@pytest.mark.parametrize(("size", "most"), [(1, 1), (5, 1), (7, 3), (20, 9), (60, 30)])
def test_a_short_sheet_takes_coarser_strata(size: int, most: int) -> None:
    drawn = roles.review(accounts(), size)
    assert len(drawn.sheet) == size
    strata = drawn.key.drop_duplicates("stratum")
    assert len(strata) <= most
    assert strata["n_stratum"].sum() == 600


def test_rows_of_a_table_are_known_by_their_number() -> None:
    drawn = roles.review(accounts(30).drop(columns="account_key"), 30)
    assert sorted(drawn.sheet["row"]) == list(range(1, 31))
    assert drawn.sheet.loc[drawn.sheet["row"] == 4, "handle"].item() == "h3"


def test_what_cannot_be_reviewed_is_said() -> None:
    with pytest.raises(NetmedError, match="1 row or more, not 0"):
        roles.review(accounts(), 0)
    with pytest.raises(NetmedError, match="no account has a role"):
        roles.review(accounts().assign(role=None), 5)
    with pytest.raises(NetmedError, match="no column p_trainee"):
        roles.review(accounts().drop(columns="p_trainee"), 5)


@settings(max_examples=60)
@given(
    st.lists(st.integers(1, 5000), min_size=1, max_size=24),
    st.integers(0, 3000),
    st.sampled_from(["physician", "trainee", "media"]),
)
def test_quotas_sum_and_fit_their_strata(sizes: list[int], more: int, first: str) -> None:
    names = [f"{first if place % 3 == 0 else 'other'}, {place}" for place in range(len(sizes))]
    total = LEAST * len(sizes) + more
    quotas = allocated(pd.Series(sizes, index=names), total)
    assert sum(quotas.values()) == min(total, sum(sizes))
    assert all(min(LEAST, size) <= quotas[name] <= size for name, size in zip(names, sizes, strict=True))


def test_weighted_estimates_hit_the_truth_on_average() -> None:
    """What the sampling is for: over many draws, weighted counts of physicians are those of the network."""
    table = accounts(400)
    is_one = np.random.default_rng(2).uniform(size=400) < table["p_physician"].to_numpy()
    truth = pd.Series(is_one, index=table["account_key"])
    assert truth.sum() > 40
    estimates = []
    for seed in range(80):
        key = roles.review(table, 60, seed=seed).key
        estimates.append((truth[key["account_key"]].to_numpy() * key["n_stratum"] / key["n_sampled"]).sum())
    error = np.std(estimates) / np.sqrt(len(estimates))
    assert abs(np.mean(estimates) - truth.sum()) < 3.5 * error
