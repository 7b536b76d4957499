"""Records are told by their own keys, one by one; nothing is lost in silence. All counts by hand."""

from pathlib import Path

import orjson
import pytest
from lines import Json, Mention, Person, Post, flat, page, stream, user, v11, write

import netmed
from netmed import Network
from netmed.errors import InputError, LossError

ANN, BOB = Person("1", "ann"), Person("2", "bob")
OUTCOMES = ("kept", "duplicates", "edits", "filtered", "without_posts", "unrecognised", "malformed")


def post(number: int) -> Post:
    return Post(str(number), BOB, "hi @ann", mentions=(Mention(3, 7, "ann", "1"),), people=(ANN,))


def assert_sums(network: Network) -> None:
    for entry in [*network.audit["files"], network.audit["totals"]]:
        assert entry["records"] == sum(entry[name] for name in OUTCOMES), entry
    for name in ("lines", "records", *OUTCOMES):
        assert network.audit["totals"][name] == sum(entry[name] for entry in network.audit["files"])


def kept(network: Network) -> list[int]:
    return sorted(int(key[2:]) for key in network.posts[network.posts.in_collection].post_key)


def entries(network: Network) -> dict[str, Json]:
    return {Path(entry["file"]).name: entry for entry in network.audit["files"]}


# one file, every shape, good and bad lines


MIXED: list[Json | bytes] = [
    v11(post(11), extended=True),  # line 1
    page([post(12), post(13)]),
    b'{"data": [{"id": "9',  # 3, cut off
    *flat([post(14)]),
    stream(post(15)),  # 5
    b'{"delete": {"status": {"id": 15}}}',  # 6
    b"",
    b"[1, 2]",  # 8
    b"   ",
    v11(post(16), extended=False),  # 10
    {"data": [user(ANN), user(BOB)]},  # 11, accounts only
    {"meta": {"result_count": 0}},  # 12, a page without results
    user(Person("3", "cat")),  # 13, an account by itself
    b'{"id": 17} {"id": 18}',  # 14, two on a line
    b'{"text": "\xff"}',  # 15
    {"data": [{"id": "19", "nothing": "known"}, *page([post(20)])["data"]]},  # 16
    v11(post(11), extended=True),  # 17, again
    stream(post(21)),
    b"null",  # 19
]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Network:
    return netmed.build(write(tmp_path_factory.mktemp("mixed") / "mixed.jsonl", MIXED), keep_text=True)


def test_a_file_that_mixes_all_shapes_loses_nothing(mixed: Network):
    assert kept(mixed) == [11, 12, 13, 14, 15, 16, 20, 21]
    assert mixed.edges[["source_key", "target_key", "weight"]].values.tolist() == [["x:2", "x:1", 8.0]]
    assert entries(mixed)["mixed.jsonl"]["readers"] == ["x-v1.1", "x-v2-flat", "x-v2-page", "x-v2-stream"]


def test_all_shapes_of_one_post_give_the_same_row(mixed: Network):
    """Posts 11 to 16 are the same but for their ids, in five shapes."""
    posts = mixed.posts[mixed.posts.post_key.isin([f"x:{number}" for number in (11, 12, 14, 15, 16)])]
    same = ["author_key", "created_at", "created_from", "kind", "lang", "hashtags", "urls_n", "likes", "text"]
    assert len(posts) == 5
    assert posts[same].astype(str).nunique().to_dict() == dict.fromkeys(same, 1)
    assert posts.text.tolist()[0] == "hi @ann"


def test_every_line_is_accounted_for(mixed: Network):
    assert_sums(mixed)
    totals = mixed.audit["totals"]
    assert {name: totals[name] for name in ("lines", *OUTCOMES)} == {
        "lines": 17,
        "kept": 8,
        "duplicates": 1,
        "edits": 0,
        "filtered": 0,
        "without_posts": 3,
        "unrecognised": 4,
        "malformed": 3,
    }
    assert mixed.audit["losses"] == {"malformed": 3, "unrecognised": 4}


def test_rejected_lines_have_their_number_and_reason(mixed: Network):
    rejected = {one["line"]: one["why"] for one in entries(mixed)["mixed.jsonl"]["rejected"]}
    assert list(rejected) == [3, 6, 8, 14, 15, 19]
    assert "delete" in rejected[6]
    assert "list" in rejected[8]
    assert "more than one record" in rejected[14]
    assert "UTF-8" in rejected[15]


# other files, each with its own trap; one build


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Network:
    folder = tmp_path_factory.mktemp("files")
    write(folder / "v11.jsonl", [v11(post(number), extended=True) for number in (31, 32, 33)])
    write(folder / "last_page_cut.jsonl", [page([post(34)]), page([post(35)]), b'{"data": [{"id": "36", "te'])
    write(folder / "first_line_cut.jsonl", [b'"36", "text": "x"}]}', page([post(37)]), stream(post(38))])
    (folder / "array.json").write_bytes(orjson.dumps([v11(post(39), extended=True), v11(post(40), extended=True)]))
    pretty = orjson.dumps(page([post(41), post(42)]), option=orjson.OPT_INDENT_2)
    (folder / "pretty.json").write_bytes(pretty)
    found = {"statuses": [v11(post(43), extended=True)], "search_metadata": {"count": 1}}
    write(folder / "search.json", [found])
    write(folder / "junk_first.jsonl", [b"junk", *flat([post(44), post(45)]), b'{"text": "\0"}'])
    write(folder / "users.jsonl", [{"data": [user(ANN)]}])
    (folder / "empty.jsonl").write_bytes(b"")
    (folder / "blank.jsonl").write_bytes(b"\n  \n\r\n")
    crlf = b"\r\n".join(orjson.dumps(record) for record in flat([post(46), post(47)]))
    (folder / "crlf_without_end.jsonl").write_bytes(crlf)
    return netmed.build(folder)


def of(network: Network, name: str) -> dict[str, int]:
    entry = entries(network)[name]
    return {key: entry[key] for key in ("kept", "malformed", "unrecognised", "without_posts") if entry[key]}


def test_bug_coordination_toolkit_the_first_line_is_not_lost(files: Network):
    assert of(files, "v11.jsonl") == {"kept": 3}


def test_bug_coordination_toolkit_a_bad_page_costs_itself_alone(files: Network):
    assert of(files, "last_page_cut.jsonl") == {"kept": 2, "malformed": 1}
    assert of(files, "first_line_cut.jsonl") == {"kept": 2, "malformed": 1}
    assert [one["line"] for one in entries(files)["last_page_cut.jsonl"]["rejected"]] == [3]


def test_documents_over_many_lines(files: Network):
    assert of(files, "array.json") == {"kept": 2}
    assert of(files, "pretty.json") == {"kept": 2}


def test_a_search_response_of_v11(files: Network):
    assert of(files, "search.json") == {"kept": 1}


def test_a_nul_on_one_line_costs_that_line_alone(files: Network):
    assert of(files, "junk_first.jsonl") == {"kept": 2, "malformed": 2}


def test_files_without_posts(files: Network):
    assert of(files, "users.jsonl") == {"without_posts": 1}
    assert of(files, "empty.jsonl") == of(files, "blank.jsonl") == {}
    assert of(files, "crlf_without_end.jsonl") == {"kept": 2}


def test_all_files_sum(files: Network):
    assert_sums(files)
    assert set(kept(files)) >= {31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 42, 46, 47}


# asking for one reader; losses


def test_one_reader_asked_for_reads_its_own_records_alone(tmp_path: Path):
    source = write(tmp_path / "mixed.jsonl", [stream(post(1)), v11(post(2), extended=True), *flat([post(3)])])
    network = netmed.build(source, format="x-v1.1")
    assert kept(network) == [2]
    assert network.audit["totals"]["unrecognised"] == 2
    assert_sums(network)


def test_strict_writes_nothing_where_something_was_lost(tmp_path: Path):
    source = write(tmp_path / "posts.jsonl", [*flat([post(1)]), b"{"])
    with pytest.raises(LossError, match="1 malformed"):
        netmed.build(source, strict=True, output=tmp_path / "network")
    assert not (tmp_path / "network").exists()


def test_nothing_known_is_an_error_that_says_what_was_found(tmp_path: Path):
    source = write(tmp_path / "other.jsonl", [{"post": 1}])
    with pytest.raises(InputError, match=r"no posts in .*other.jsonl \(1 lines; line 1: .*post.*\); `netmed list rea"):
        netmed.build(source)


def with_ids(numbers: list[int]) -> list[Json]:
    return flat([Post(str(number), BOB, "hi", "2020-01-01T00:00:00.000Z") for number in numbers])


def test_a_zip_archive_is_called_one(tmp_path: Path):
    (tmp_path / "posts.gz").write_bytes(b"PK\x03\x04" + bytes(200))
    with pytest.raises(InputError, match=r"is a zip archive; unpack it"):
        netmed.build(tmp_path / "posts.gz")


def test_brackets_in_a_pattern_may_be_the_name_of_a_folder(tmp_path: Path):
    place = tmp_path / "data (2021) [final]"
    place.mkdir()
    (place / "a.jsonl").write_bytes(b'{"id": "1", "text": "hi", "author_id": "2"}\n')
    assert len(netmed.build(str(place / "*.jsonl")).posts) == 1
    assert len(netmed.build([place / "a.jsonl"], hashtags=()).posts) == 1


def test_rule_12_ids_that_a_spreadsheet_rounded_are_refused(tmp_path: Path):
    rounded = [1234567890123450000 + 10000 * number for number in range(12)]
    true = [1234567890123456789 + 4321 * number for number in range(11)]
    with pytest.raises(InputError, match=r"12 of 12 post ids in .* end in zeros after the 15th digit: a spreadsheet"):
        netmed.build(write(tmp_path / "rounded.jsonl", with_ids(rounded)))
    with pytest.raises(InputError, match="12 of 23"):
        netmed.build(write(tmp_path / "most.jsonl", with_ids(rounded + true)))
    assert len(netmed.build(write(tmp_path / "few.jsonl", with_ids(rounded[:9]))).posts) == 9, "too few to tell"
    assert len(netmed.build(write(tmp_path / "half.jsonl", with_ids(rounded[:11] + true))).posts) == 22


def test_rule_12_an_id_in_scientific_notation_says_so(tmp_path: Path):
    record = {**with_ids([1])[0], "id": "1.23E+18"}
    network = netmed.build(write(tmp_path / "one.jsonl", [*with_ids([7]), record]))
    (reject,) = network.audit["files"][0]["rejected"]
    assert reject["line"] == 2
    assert "spreadsheet has rounded (1.23E+18)" in reject["why"]
