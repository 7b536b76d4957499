"""The page as a person meets it: opened from disk, offline, in a real Chromium, by either renderer."""

import csv
import io
import itertools
from xml.etree import ElementTree

import pandas as pd
import pytest
from browser import at_rest, chromium, complaints, opened, requests, resize, saved_by, settle, visit
from page_cases import FIELDS, NASTY, circled, crowd, hostile, made, measured
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from netmed.show import page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium with chromedriver; scripts/browser.sh gets them"),
]

ACCOUNTS, EDGES = 150, 600
NAMES = dict(enumerate(FIELDS.split("|"), start=1))


@pytest.fixture(scope="module")
def network():
    """Treated as real: invented accounts have no link to a profile."""
    return crowd(ACCOUNTS, EDGES, 5, seed=2, posts=True)[0]


@pytest.fixture(scope="module")
def scores(network):
    frame = measured(network)
    for column in ("pagerank", "in_degree"):
        rank = frame[column].rank(method="min", ascending=False).astype("Int64")
        frame[f"rank_{column}_lo"], frame[f"rank_{column}_hi"] = (rank - 1).clip(lower=1), rank + 4
    return frame


@pytest.fixture(scope="module", params=["pyvis", "webgl"])
def written(request, network, scores, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    group = crowd(ACCOUNTS, EDGES, 5, seed=2, posts=True)[1]
    page(
        network,
        scores,
        circled(network, group),
        path,
        names=NAMES,
        title="#MedEd: who addresses whom",
        renderer=request.param,
    )
    return path


@pytest.fixture(scope="module")
def driver():
    with opened() as browser:
        yield browser


@pytest.fixture
def fresh(driver):
    """Leave what was, at laptop size."""
    driver.get("about:blank")
    resize(driver, 1280, 800)
    complaints(driver), requests(driver)
    return driver


@pytest.fixture
def at_page(fresh, written):
    """The page, fresh; nothing may have been refused, asked for or said at the end."""
    visit(fresh, written)
    yield fresh
    assert complaints(fresh) == []
    assert requests(fresh) == []


def text(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css).text


def texts(driver, css):
    return [element.text for element in driver.find_elements(By.CSS_SELECTOR, css)]


def shown(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css).is_displayed()


def click(driver, css):
    driver.find_element(By.CSS_SELECTOR, css).click()


def press(driver, *keys):
    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def slide(driver, name, value):
    driver.execute_script(
        "const s = document.getElementById(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('input'))",
        name,
        value,
    )


def point_at(driver, place):
    """Bring the mouse to where the picture shows the disc of this place."""
    x, y = driver.execute_script("const p = netmed.spot(arguments[0]); return [p.x, p.y];", place)
    actions = ActionChains(driver)
    actions.w3c_actions.pointer_action.move_to_location(round(x), round(y))
    actions.perform()
    return actions


def click_on(driver, place):
    point_at(driver, place)
    ActionChains(driver).click().perform()
    at_rest(driver)


def place_of(driver, handle):
    return driver.execute_script("return netmed.data.handle.indexOf(arguments[0])", handle)


def best(scores):
    return scores.sort_values("pagerank", ascending=False, kind="stable").iloc[0]


def test_it_draws_and_says_how_much(at_page, written):
    assert text(at_page, "#status") == f"{ACCOUNTS} of {ACCOUNTS} accounts · {EDGES} of {EDGES} edges shown"
    assert text(at_page, "h1") == "#MedEd: who addresses whom"
    assert at_page.execute_script("return netmed.renderer()") == written.stem
    assert texts(at_page, "#legend .name") == FIELDS.split("|")[:5]
    assert colours(at_page) > 100


def colours(driver):
    """How many different colours the middle of the picture holds: a picture has many, an empty one has one."""
    _, size, seen = saved_by(driver, "png", pixels=True)
    assert size == [2560, 1600]
    return seen


def test_search_finds_by_handle_and_by_name(at_page, network):
    account = network.accounts.iloc[40]
    press(at_page, "/", account["handle"])
    options = at_page.find_elements(By.CSS_SELECTOR, "#found [role=option]")
    assert f"@{account['handle']}" in options[0].text
    press(at_page, Keys.ENTER)
    assert text(at_page, "#card h2") == account["name"]
    press(at_page, Keys.ESCAPE, "/", account["name"].split()[-1].upper())
    found = texts(at_page, "#found [role=option]")
    assert found
    assert all(account["name"].split()[-1] in name for name in found)


def test_search_for_nobody_says_so(at_page):
    press(at_page, "/", "zzzzzz")
    assert text(at_page, "#found") == "No drawn account is called that."
    press(at_page, Keys.ENTER)
    assert not shown(at_page, "#card")


def test_a_click_opens_the_card_with_the_right_facts(at_page, network, scores):
    click_on(at_page, 0)
    hub = best(scores)
    account = network.accounts.set_index("account_key").loc[hub["account_key"]]
    assert text(at_page, "#card h2") == hub["name"]
    link = at_page.find_element(By.CSS_SELECTOR, "#card a")
    assert link.get_attribute("href") == f"https://x.com/{hub['handle']}"
    assert link.get_attribute("rel") == "noopener noreferrer"
    card = text(at_page, "#card")
    assert f"1 (1–5) of {ACCOUNTS}" in card
    if account["role"]:
        assert f"{account['role']} (probability 0.91) because it says: physician" in card
    assert f"ADDRESSED BY ({hub['in_degree']})" in card
    edges = network.edges[network.edges["target_key"] == hub["account_key"]]
    heaviest = edges.sort_values("weight", ascending=False).iloc[0]
    first = at_page.find_element(By.CSS_SELECTOR, "#card h3.into + ol li")
    assert first.text.endswith(f"× {heaviest['weight']:.0f}")
    own = (network.edges[["source_key", "target_key"]] == hub["account_key"]).any(axis=1).sum()
    assert f" · {own} of {EDGES} edges shown" in text(at_page, "#status")
    name = first.find_element(By.TAG_NAME, "button")
    handle = name.text
    name.click()
    assert handle in text(at_page, "#card")
    assert at_page.execute_script("return document.activeElement.id") == "card"


def test_behind_an_edge_are_example_posts(at_page, network, scores):
    hub = best(scores)
    at_page.execute_script("netmed.pick(0)")
    first = at_page.find_element(By.CSS_SELECTOR, "#card h3.into + ol li")
    source = first.find_element(By.TAG_NAME, "button").text.removeprefix("@")
    key = network.accounts.set_index("handle").loc[source, "account_key"]
    events = network.events
    own = events[(events["source_key"] == key) & (events["target_key"] == hub["account_key"])]
    links = first.find_elements(By.TAG_NAME, "a")
    assert 1 <= len(links) <= 2
    for link in links:
        start, _, post = link.get_attribute("href").rpartition("/")
        assert start == "https://x.com/i/status"
        assert f"x:{post}" in set(own["post_key"])
        assert link.get_attribute("aria-label").startswith("Example post")


def test_the_picked_account_and_all_it_deals_with_are_in_view(at_page):
    at_page.execute_script("netmed.pick(0)")
    at_rest(at_page)
    outside = at_page.execute_script(
        "const near = [0, ...[...netmed.state.edgesOf(0)].map(([, other]) => other)], free = netmed.free();"
        "return near.map(i => netmed.spot(i)).filter(p => p.x < free.left || p.x > free.right || p.y < 0"
        " || p.y > innerHeight).length"
    )
    assert outside == 0
    left = at_page.execute_script("return document.getElementById('panel').getBoundingClientRect().right")
    assert at_page.execute_script("return netmed.free().left") == left


def test_captions_hide_no_name(at_page):
    overlaps = at_page.execute_script(
        "const { words, captions } = netmed.words(); const box = (w, half, high) => { const p = netmed.spot(w.i);"
        " return [p.x + w.dx - half, p.y + w.dy - high, p.x + w.dx + half, p.y + w.dy + high]; };"
        "const ctx = document.createElement('canvas').getContext('2d');"
        "ctx.font = '12px system-ui, \"Segoe UI\", Roboto, Helvetica, Arial, sans-serif';"
        "const names = words.map(w => box(w, ctx.measureText(w.text).width / 2, 7));"
        "return [words.length, captions.length, captions.flatMap(c => names.filter(n => { const b = box(c, c.width / 2,"
        " c.size * .9); return b[0] < n[2] && b[2] > n[0] && b[1] < n[3] && b[3] > n[1]; })).length]"
    )
    assert overlaps[0] >= 8
    assert overlaps[1] == 5
    assert overlaps[2] == 0


def test_the_keyboard_alone_is_enough(at_page):
    press(at_page, "/", "dr", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    assert at_page.find_element(By.ID, "find").get_attribute("aria-activedescendant") == "found-2"
    name = text(at_page, "#found-2 b")
    press(at_page, Keys.ENTER)
    at_rest(at_page)
    assert text(at_page, "#card h2") == name
    assert at_page.execute_script("return location.hash").startswith("#account=")
    press(at_page, Keys.ESCAPE)
    assert not shown(at_page, "#card")
    assert at_page.execute_script("return location.hash") == ""
    at_rest(at_page)
    before = at_page.execute_script("return netmed.camera()")
    press(at_page, "+")
    assert at_page.execute_script("return netmed.camera().scale") == pytest.approx(before["scale"] * 1.4)
    press(at_page, "-", "-")
    assert at_page.execute_script("return netmed.camera().scale") < before["scale"]
    at_page.execute_script("document.activeElement.blur()")
    press(at_page, "0")
    at_rest(at_page)
    assert at_page.execute_script("return netmed.camera().scale") == pytest.approx(before["scale"])
    press(at_page, Keys.ARROW_RIGHT)
    moved = at_page.execute_script("return netmed.camera().x")
    assert moved == pytest.approx(before["x"] + 60 / before["scale"], rel=0.01)


def test_the_legend_hides_and_shows_a_community(at_page):
    first = at_page.find_element(By.CSS_SELECTOR, "#legend button")
    count = int(first.find_element(By.CSS_SELECTOR, ".count").text)
    first.click()
    assert first.get_attribute("aria-pressed") == "false"
    assert text(at_page, "#status").startswith(f"{ACCOUNTS - count} of {ACCOUNTS} accounts")
    click(at_page, "#all")
    assert text(at_page, "#status").startswith(f"{ACCOUNTS} of {ACCOUNTS} accounts")


def test_picking_an_account_that_is_hidden_shows_it(at_page):
    click(at_page, "#legend button")
    hidden = at_page.execute_script("return netmed.state.visible.indexOf(0)")
    at_page.execute_script("netmed.pick(arguments[0])", hidden)
    assert shown(at_page, "#card")
    assert at_page.execute_script("return netmed.state.visible.every(Boolean)")


def test_the_least_degree_leaves_those_who_deal_with_enough(at_page, network):
    slide(at_page, "least", 6)
    degree = pd.Series(network.graph.as_undirected(mode="collapse").degree())
    assert text(at_page, "#status").startswith(f"{(degree >= 6).sum()} of {ACCOUNTS} accounts")
    assert text(at_page, "#least-shown") == "6"


def test_relations_and_time_choose_the_posts_that_count(at_page, network):
    replies = network.edges[network.edges["n_reply"] > 0]
    click(at_page, "[data-relation=mention]")
    assert f"{len(replies)} of {EDGES} edges" in text(at_page, "#status")
    ends = set(replies["source_key"]) | set(replies["target_key"])
    assert text(at_page, "#status").startswith(f"{len(ends)} of")
    windows = at_page.execute_script("return netmed.data.windows")
    slide(at_page, "last", 11)
    slide(at_page, "first", 6)
    assert text(at_page, "#time-shown") == "2020-07 to 2020-12" == f"{windows[6]} to {windows[11]}"
    events = network.events
    within = events[
        (events["relation"] == "reply") & events["created_at"].dt.strftime("%Y-%m").between(*windows[6:12:5])
    ]
    assert (
        f"{len(within[['source_key', 'target_key']].drop_duplicates())} of" in text(at_page, "#status").split(" · ")[1]
    )
    at_page.execute_script("netmed.pick(netmed.state.visible.indexOf(1))")
    counts = within.groupby(["source_key", "target_key"]).size()
    handles = network.accounts.set_index("handle")["account_key"]
    own = handles[at_page.execute_script("return netmed.data.handle[netmed.state.choices.picked]")]
    for line in at_page.find_elements(By.CSS_SELECTOR, "#card h3.into + ol li"):
        source = handles[line.find_element(By.TAG_NAME, "button").text.removeprefix("@")]
        assert line.text.endswith(f"× {counts[source, own]}")
    slide(at_page, "first", 20)
    assert text(at_page, "#time-shown") == windows[20]  # one end pushes the other
    click(at_page, "#all")
    assert text(at_page, "#time-shown") == f"{windows[0]} to {windows[-1]}"
    assert f"{EDGES} of {EDGES}" in text(at_page, "#status") or shown(at_page, "#card")


def test_size_and_colour_by_another_measure(at_page, network, scores):
    click(at_page, "#size option[value=out_degree]")
    radii = at_page.execute_script("return [...netmed.state.radius]")
    handles = at_page.execute_script("return netmed.data.handle")
    out = scores.set_index("handle")["out_degree"]
    ordered = sorted(zip(radii, (int(out[handle]) for handle in handles), strict=True))
    assert [degree for _, degree in ordered] == sorted(degree for _, degree in ordered)
    click(at_page, "#color option[value=role]")
    roles = network.accounts["role"].fillna("Unknown").value_counts()
    legend = dict(zip(texts(at_page, "#legend .name"), texts(at_page, "#legend .count"), strict=True))
    assert legend == {name: str(count) for name, count in roles.items()}
    click(at_page, "#legend button")
    gone = texts(at_page, "#legend .name")[0]
    assert text(at_page, "#status").startswith(f"{ACCOUNTS - roles[gone]} of")
    click(at_page, "#color option[value=in_degree]")
    assert text(at_page, "#status").startswith(f"{ACCOUNTS} of")
    steps = texts(at_page, "#legend .count")
    assert sum(map(int, steps)) == ACCOUNTS


def test_the_shortest_path_between_two(at_page, network, scores):
    graph = network.graph
    keys = {handle: i for i, handle in enumerate(network.accounts["handle"])}
    start = at_page.execute_script("return netmed.data.handle[0]")
    lengths = graph.distances(keys[start], mode="out")[0]
    end = next(handle for handle, i in keys.items() if lengths[i] == 3)
    at_page.execute_script("netmed.pick(0)")
    click(at_page, "#path-to")
    assert at_page.execute_script("return document.activeElement.id") == "path-end"
    press(at_page, end, Keys.ENTER)
    at_rest(at_page)
    said = text(at_page, "#way")
    assert said.endswith("3 steps, each addresses the next")
    names = [name.removeprefix("@") for name in said.split(" · ")[0].split(" → ")]
    assert (names[0], names[-1], len(names)) == (start, end, 4)
    for one, other in itertools.pairwise(names):
        assert graph.are_adjacent(keys[one], keys[other])
    assert text(at_page, "#status").startswith(f"4 of {ACCOUNTS} accounts · 3 of")
    press(at_page, Keys.ESCAPE)
    assert not shown(at_page, "#way")
    assert shown(at_page, "#card")


def test_whom_an_account_reaches(at_page, network):
    start = at_page.execute_script("return netmed.data.handle[0]")
    row = network.find(start)
    at_page.execute_script("netmed.pick(0)")
    for steps in (1, 2):
        within = network.graph.neighborhood_size(row, order=steps, mode="in") - 1
        at_page.find_elements(By.CSS_SELECTOR, "#card .reach")[steps - 1].click()
        assert text(at_page, "#way").startswith(f"{within} of {ACCOUNTS - 1} other drawn accounts are reached")
        assert text(at_page, "#status") == f"{within + 1} of {ACCOUNTS} accounts shown"
    pressed = [b.get_attribute("aria-pressed") for b in at_page.find_elements(By.CSS_SELECTOR, "#card .reach")]
    assert pressed == ["false", "true", "false"]


def test_a_link_leads_to_an_account(fresh, written, network):
    handle = network.accounts["handle"].iloc[17]
    visit(fresh, written, f"#account={handle.upper()}")
    assert f"@{handle}" in text(fresh, "#card")
    fresh.get("about:blank")
    visit(fresh, written, "#account=nobody")
    assert "not drawn" in text(fresh, "#notice")


def test_dark_follows_the_system_and_the_button(fresh, written):
    def prefer(scheme):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        fresh.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    prefer("dark")
    try:
        visit(fresh, written)
        ground = "return getComputedStyle(document.body).backgroundColor"
        assert fresh.execute_script(ground) == "rgb(20, 23, 26)"
        assert saved_by(fresh, "png", pixels=(1280, 4))[2] == [20, 23, 26, 255]
        click(fresh, "#theme")
        assert fresh.execute_script(ground) == "rgb(252, 252, 250)"
        assert saved_by(fresh, "png", pixels=(1280, 4))[2] == [252, 252, 250, 255]
        assert complaints(fresh) == []
    finally:
        prefer("light")


def test_a_phone_starts_with_the_picture(fresh, written):
    resize(fresh, 390, 844)
    visit(fresh, written)
    assert not shown(fresh, "#controls")
    assert shown(fresh, "#find")
    assert fresh.execute_script("return document.documentElement.scrollWidth") <= 390
    click(fresh, "#menu")
    assert shown(fresh, "#legend")
    click(fresh, "#menu")
    click_on(fresh, 0)
    card = fresh.find_element(By.ID, "card").rect
    assert (card["x"] >= 0, card["x"] + card["width"] <= 390, card["y"] > 350) == (True, True, True)
    assert fresh.execute_script("return netmed.spot(0).y") < card["y"]


def test_the_table_and_about_open_and_close(at_page, network):
    click(at_page, "#show-table")
    assert len(at_page.find_elements(By.CSS_SELECTOR, "#table tbody tr")) == 50
    assert shown(at_page, "#table tbody tr")
    click(at_page, "#show-about")
    assert shown(at_page, "#about dl")
    days = network.events["created_at"].dt.strftime("%Y-%m-%d")
    assert f"{days.min()} to {days.max()}" in text(at_page, "#about")
    assert not shown(at_page, "#table tbody tr")
    press(at_page, Keys.ESCAPE)
    assert not shown(at_page, "#about dl")
    assert at_page.execute_script("return document.activeElement.id") == "show-about"


def test_without_script_the_table_is_there(fresh, written):
    fresh.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        fresh.get(written.resolve().as_uri())
        assert len(fresh.find_elements(By.CSS_SELECTOR, "#table tbody tr")) == 50
        assert shown(fresh, "#table tbody tr")
        assert not shown(fresh, "#tools")
    finally:
        fresh.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_what_is_shown_can_be_taken_along(at_page, network, scores):
    name, size, _ = saved_by(at_page, "png")
    assert (name, size) == ("network.png", [2560, 1600])
    name, content = saved_by(at_page, "svg")
    drawing = ElementTree.fromstring(content)
    space = "{http://www.w3.org/2000/svg}"
    assert name == "network.svg"
    assert len(drawing.findall(f"{space}circle")) == ACCOUNTS
    words = [element.text for element in drawing.findall(f"{space}text")]
    assert "#MedEd: who addresses whom" in words
    assert words.count("Cardiology") == 1  # the caption
    assert any(word.startswith("Cardiology · ") for word in words)  # the legend
    assert best(scores)["name"] in words
    at_page.execute_script("netmed.pick(0)")
    name, content = saved_by(at_page, "csv")
    rows = list(csv.DictReader(io.StringIO(content)))
    row = network.find(best(scores)["handle"])
    near = {row, *network.graph.neighbors(row)}
    assert name == "network.csv"
    assert {line["handle"] for line in rows} == set(network.accounts["handle"].iloc[sorted(near)])
    assert float(rows[0]["pagerank"]) == pytest.approx(best(scores)["pagerank"], rel=1e-6)
    assert rows[0]["rank_pagerank"] == "1"


@pytest.mark.parametrize(
    "network", [made([{"handle": "a"}], {}), made([{"handle": "a"}, {"handle": "b"}], {(0, 1): 2})]
)
@pytest.mark.parametrize("renderer", ["pyvis", "webgl"])
def test_very_small_networks_make_a_whole_page(fresh, tmp_path, network, renderer):
    page(network, measured(network), circled(network), tmp_path / "a.html", renderer=renderer)
    visit(fresh, tmp_path / "a.html")
    assert shown(fresh, "#empty") == (len(network.edges) == 0)
    assert (complaints(fresh), requests(fresh)) == ([], [])


@pytest.mark.parametrize("renderer", ["pyvis", "webgl"])
def test_strangers_text_stays_text(fresh, tmp_path, renderer):
    network = hostile()
    scores = measured(network)
    scores.attrs["meta"][NASTY] = NASTY
    path = tmp_path / "a.html"
    page(network, scores, circled(network), path, names={1: NASTY}, title=NASTY, renderer=renderer)
    visit(fresh, path)
    for place in range(6):
        fresh.execute_script("netmed.pick(null)")
        at_rest(fresh)
        point_at(fresh, place)  # at rest, on hover, on click
        settle(fresh, 0.05)
        assert shown(fresh, "#hint")
        ActionChains(fresh).click().perform()
        assert shown(fresh, "#card")
        assert fresh.find_elements(By.CSS_SELECTOR, "#card a, #card img, #card script, #hint *:not(strong, span)") == []
    press(fresh, Keys.ESCAPE, "/", "<script>")
    assert fresh.find_elements(By.CSS_SELECTOR, "#found script, #found img") == []
    assert "<script>" in text(fresh, "#found")
    press(fresh, Keys.ENTER, Keys.ESCAPE)
    click(fresh, "#color option[value=role]")
    click(fresh, "#show-about")
    click(fresh, "#show-table")
    svg = saved_by(fresh, "svg")[1]
    assert {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()} <= {
        "svg", "title", "rect", "path", "circle", "text",
    }  # fmt: skip
    for line in csv.reader(io.StringIO(saved_by(fresh, "csv")[1])):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
    assert fresh.execute_script("return [window.__pwned === undefined, document.images.length]") == [True, 0]
    assert text(fresh, "h1").startswith('"><script>window.__pwned=1</script>')
    assert fresh.find_elements(By.CSS_SELECTOR, "[onerror], [onclick], [title], a[href^='javascript']") == []
    assert fresh.execute_script("return document.scripts.length") == {"pyvis": 6, "webgl": 2}[renderer]
    assert (complaints(fresh), requests(fresh)) == ([], [])
