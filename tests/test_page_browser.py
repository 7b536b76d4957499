"""The page as a person meets it: opened from disk, offline, in a real Chromium."""

import pytest
from browser import chromium, complaints, opened, requests, resize, settle, visit
from page_cases import FIELDS, NASTY, circled, hostile, made, measured, planted
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from netmed.network import Network
from netmed.show import page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium with chromedriver; scripts/browser.sh gets them"),
]


@pytest.fixture(scope="module")
def network():
    """Treated as real: invented accounts have no link to a profile."""
    tables = {name: getattr(planted(150, 5)[0], name) for name in ("accounts", "edges", "events", "posts")}
    return Network(tables, provenance={})


@pytest.fixture(scope="module")
def written(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "network.html"
    names = dict(enumerate(FIELDS.split("|"), start=1))
    group = planted(150, 5)[1]
    page(network, measured(network), circled(network, group), path, names=names, title="#MedEd: who addresses whom")
    return path


@pytest.fixture(scope="module")
def driver():
    with opened() as browser:
        yield browser


@pytest.fixture
def at_page(driver, written):
    """The page, fresh, at laptop size; nothing may have been refused, asked for or said at the end."""
    resize(driver, 1280, 800)
    driver.get("about:blank")
    complaints(driver), requests(driver)
    visit(driver, written)
    yield driver
    assert complaints(driver) == []
    assert requests(driver) == []


def text(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css).text


def shown(driver, css):
    return driver.find_element(By.CSS_SELECTOR, css).is_displayed()


def press(driver, *keys):
    for key in keys:
        ActionChains(driver).send_keys(key).perform()


def click_on(driver, place):
    """Click where the picture shows the disc of this place."""
    x, y = driver.execute_script(
        "const p = netmed.view.canvasToDOM(netmed.discs[arguments[0]]); return [p.x, p.y];", place
    )
    canvas = driver.find_element(By.CSS_SELECTOR, "#picture canvas")
    box = canvas.rect
    offset = (round(x - box["width"] / 2), round(y - box["height"] / 2))
    ActionChains(driver).move_to_element_with_offset(canvas, *offset).click().perform()
    settle(driver, 0.8)


def ink(driver):
    """How many different colours the middle of the picture holds: a picture has many, an empty one has one."""
    return driver.execute_script(
        "const c = document.querySelector('#picture canvas'), d = c.getContext('2d').getImageData("
        "c.width * .3, c.height * .1, c.width * .6, c.height * .7).data, seen = new Set();"
        "for (let i = 0; i < d.length; i += 4) seen.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]); return seen.size;"
    )


def test_it_draws_and_says_how_much(at_page, network):
    edges = len(network.edges)
    assert text(at_page, "#status") == f"150 of 150 accounts · {edges} of {edges} edges shown"
    assert text(at_page, "h1") == "#MedEd: who addresses whom"
    assert ink(at_page) > 100
    assert [row.text.split("\n")[0] for row in at_page.find_elements(By.CSS_SELECTOR, "#legend li")] == FIELDS.split(
        "|"
    )[:5]


def test_search_finds_by_handle_and_by_name(at_page, network):
    account = network.accounts.iloc[40]
    press(at_page, "/", account["handle"])
    options = at_page.find_elements(By.CSS_SELECTOR, "#found [role=option]")
    assert f"@{account['handle']}" in options[0].text
    press(at_page, Keys.ENTER)
    settle(at_page)
    assert text(at_page, "#card h2") == account["name"]
    press(at_page, Keys.ESCAPE, "/", account["name"].split()[-1].upper())
    found = [option.text for option in at_page.find_elements(By.CSS_SELECTOR, "#found [role=option]")]
    assert found
    assert all(account["name"].split()[-1] in name for name in found)


def test_search_for_nobody_says_so(at_page):
    press(at_page, "/", "zzzzzz")
    assert text(at_page, "#found") == "No drawn account is called that."
    press(at_page, Keys.ENTER)
    assert not shown(at_page, "#card")


def test_a_click_opens_the_card_with_the_right_facts(at_page, network):
    click_on(at_page, 0)
    scores = measured(network)
    best = scores.sort_values("pagerank", ascending=False, kind="stable").iloc[0]
    assert text(at_page, "#card h2") == best["name"]
    link = at_page.find_element(By.CSS_SELECTOR, "#card a")
    assert link.get_attribute("href") == f"https://x.com/{best['handle']}"
    assert link.get_attribute("rel") == "noopener noreferrer"
    card = text(at_page, "#card")
    assert "1 of 150" in card
    assert f"ADDRESSED BY ({best['in_degree']})" in card
    edges = network.edges[network.edges["target_key"] == best["account_key"]]
    heaviest = edges.sort_values(["weight", "source_key"], ascending=[False, True])["source_key"].iloc[0]
    handle = network.accounts.set_index("account_key").loc[heaviest, "handle"]
    first = at_page.find_element(By.CSS_SELECTOR, "#card h3.into + ol li")
    assert first.text.split("\n")[0] == f"@{handle}"
    own = (network.edges[["source_key", "target_key"]] == best["account_key"]).any(axis=1).sum()
    assert f" · {own} of {len(network.edges)} edges shown" in text(at_page, "#status")
    first.find_element(By.TAG_NAME, "button").click()
    settle(at_page)
    assert f"@{handle}" in text(at_page, "#card")


def test_the_picked_account_and_all_it_deals_with_are_in_view(at_page):
    at_page.execute_script("netmed.pick(0)")
    settle(at_page, 0.8)
    outside = at_page.execute_script(
        "const edges = JSON.parse(document.getElementById('edges').textContent);"
        "const near = new Set([0, ...edges.filter(e => e.from === 0 || e.to === 0).flatMap(e => [e.from, e.to])]);"
        "const left = document.getElementById('panel').getBoundingClientRect().right,"
        " right = document.getElementById('card').getBoundingClientRect().left;"
        "return [...near].map(i => netmed.view.canvasToDOM(netmed.discs[i]))"
        ".filter(p => p.x < left || p.x > right || p.y < 0 || p.y > innerHeight).length;"
    )
    assert outside == 0


def test_the_keyboard_alone_is_enough(at_page):
    press(at_page, "/", "dr", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    active = at_page.find_element(By.ID, "find").get_attribute("aria-activedescendant")
    assert active == "found-2"
    name = text(at_page, "#found-2 b")
    press(at_page, Keys.ENTER)
    settle(at_page)
    assert text(at_page, "#card h2") == name
    assert at_page.execute_script("return location.hash").startswith("#account=")
    press(at_page, Keys.ESCAPE)
    assert not shown(at_page, "#card")
    assert at_page.execute_script("return location.hash") == ""
    settle(at_page)
    before = at_page.execute_script("return netmed.view.getScale()")
    press(at_page, "+")
    assert at_page.execute_script("return netmed.view.getScale()") == pytest.approx(before * 1.4)
    press(at_page, "-", "-")
    assert at_page.execute_script("return netmed.view.getScale()") < before
    press(at_page, "0")
    settle(at_page)
    assert at_page.execute_script("return netmed.view.getScale()") == pytest.approx(before)


def test_the_legend_hides_and_shows_a_community(at_page):
    first = at_page.find_element(By.CSS_SELECTOR, "#legend button")
    count = int(first.find_element(By.CSS_SELECTOR, ".count").text)
    first.click()
    assert first.get_attribute("aria-pressed") == "false"
    assert text(at_page, "#status").startswith(f"{150 - count} of 150 accounts")
    at_page.find_element(By.ID, "all").click()
    assert text(at_page, "#status").startswith("150 of 150 accounts")


def test_picking_an_account_that_is_hidden_shows_it(at_page):
    at_page.find_element(By.CSS_SELECTOR, "#legend button").click()
    hidden = at_page.execute_script("return netmed.discs.find(disc => !disc.shown).id")
    at_page.execute_script("netmed.pick(arguments[0])", hidden)
    assert shown(at_page, "#card")
    assert at_page.execute_script("return netmed.discs.every(disc => disc.shown)")


def test_the_slider_leaves_those_addressed_by_enough(at_page, network):
    at_page.execute_script(
        "const s = document.getElementById('least'); s.value = 3; s.dispatchEvent(new Event('input'))"
    )
    left = (measured(network)["in_degree"] >= 3).sum()
    assert text(at_page, "#status").startswith(f"{left} of 150 accounts")


def test_size_by_another_measure(at_page, network):
    at_page.find_element(By.CSS_SELECTOR, "#size option[value=out_degree]").click()
    sizes = at_page.execute_script("return netmed.discs.map(disc => disc.r)")
    handles = at_page.execute_script("return JSON.parse(document.getElementById('data').textContent).accounts.handle")
    out = measured(network).set_index("handle")["out_degree"]
    ordered = sorted(zip(sizes, (int(out[handle]) for handle in handles), strict=True))
    assert [degree for _, degree in ordered] == sorted(degree for _, degree in ordered)


def test_a_link_leads_to_an_account(driver, written, network):
    handle = network.accounts["handle"].iloc[17]
    visit(driver, written, f"#account={handle.upper()}")
    settle(driver)
    assert f"@{handle}" in text(driver, "#card")
    driver.get("about:blank")


def test_dark_follows_the_system_and_the_button(written):
    with opened(dark=True) as driver:
        visit(driver, written)
        ground = "return getComputedStyle(document.body).backgroundColor"
        assert driver.execute_script(ground) == "rgb(20, 23, 26)"
        assert driver.execute_script(
            "return [...document.querySelector('#picture canvas').getContext('2d').getImageData(640, 5, 1, 1).data]"
        ) == [20, 23, 26, 255]
        driver.find_element(By.ID, "theme").click()
        assert driver.execute_script(ground) == "rgb(252, 252, 250)"
        assert complaints(driver) == []


def test_a_phone_starts_with_the_picture(driver, written):
    driver.get("about:blank")
    resize(driver, 390, 844)
    visit(driver, written)
    assert not shown(driver, "#controls")
    assert shown(driver, "#find")
    wide = driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390
    driver.find_element(By.ID, "menu").click()
    assert shown(driver, "#legend")
    driver.find_element(By.ID, "menu").click()
    click_on(driver, 0)
    card = driver.find_element(By.ID, "card").rect
    assert (card["x"] >= 0, card["x"] + card["width"] <= 390, card["y"] > 350) == (True, True, True)
    assert not any(
        driver.execute_script(
            "const p = netmed.view.canvasToDOM(netmed.discs[0]); return [p.y > arguments[0]]", card["y"]
        )
    )


def test_the_table_and_about_open_and_close(at_page):
    at_page.find_element(By.ID, "show-table").click()
    assert len(at_page.find_elements(By.CSS_SELECTOR, "#table tbody tr")) == 50
    assert shown(at_page, "#table tbody tr")
    at_page.find_element(By.ID, "show-about").click()
    assert shown(at_page, "#about dl")
    assert not shown(at_page, "#table tbody tr")
    press(at_page, Keys.ESCAPE)
    assert not shown(at_page, "#about dl")


def test_without_script_the_table_is_there(written):
    with opened() as driver:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        driver.get(written.resolve().as_uri())
        assert len(driver.find_elements(By.CSS_SELECTOR, "#table tbody tr")) == 50
        assert shown(driver, "#table tbody tr")
        assert not shown(driver, "#tools")


def test_the_png_holds_the_picture(at_page):
    size = at_page.execute_async_script(
        "const done = arguments[0], make = URL.createObjectURL;"
        "URL.createObjectURL = (blob) => { "
        "createImageBitmap(blob).then((b) => done([b.width, b.height, blob.type])); return make(blob); };"
        "HTMLAnchorElement.prototype.click = () => {}; document.getElementById('png').click();"
    )
    assert size == [1280, 800, "image/png"]


@pytest.mark.parametrize(
    "network", [made([{"handle": "a"}], {}), made([{"handle": "a"}, {"handle": "b"}], {(0, 1): 2})]
)
def test_very_small_networks_make_a_whole_page(driver, tmp_path, network):
    page(network, measured(network), circled(network), tmp_path / "a.html")
    driver.get("about:blank")
    resize(driver, 1280, 800)
    complaints(driver), requests(driver)
    visit(driver, tmp_path / "a.html")
    assert shown(driver, "#empty") == (len(network.edges) == 0)
    assert (complaints(driver), requests(driver)) == ([], [])


def test_strangers_text_stays_text(driver, tmp_path):
    network = hostile()
    scores = measured(network)
    scores.attrs["meta"][NASTY] = NASTY
    path = tmp_path / "a.html"
    page(network, scores, circled(network), path, names={1: NASTY}, title=NASTY)
    driver.get("about:blank")
    resize(driver, 1280, 800)
    complaints(driver), requests(driver)
    visit(driver, path)
    for place in range(6):
        click_on(driver, place)  # the mouse comes to rest on the disc, then clicks
        assert shown(driver, "#card")
        assert driver.find_elements(By.CSS_SELECTOR, "#card a, #card img, #card script") == []
    press(driver, Keys.ESCAPE, "/", "<script>")
    assert driver.find_elements(By.CSS_SELECTOR, "#found script, #found img") == []
    assert "<script>" in text(driver, "#found")
    press(driver, Keys.ENTER, Keys.ESCAPE)
    driver.find_element(By.ID, "show-about").click()
    driver.find_element(By.ID, "show-table").click()
    assert driver.execute_script("return [window.__pwned === undefined, document.images.length]") == [True, 0]
    assert text(driver, "h1").startswith('"><script>window.__pwned=1</script>')
    assert driver.find_elements(By.CSS_SELECTOR, "[onerror], [onclick], [title], a[href^='javascript']") == []
    assert driver.execute_script("return document.scripts.length") == 7
    assert (complaints(driver), requests(driver)) == ([], [])
