use super::*;

fn read(path: &str, text: &str) -> Outline {
    outline(path, text).unwrap()
}

fn symbols(outline: &Outline) -> Vec<(String, &'static str, u32, u32)> {
    let symbol = |symbol: &Symbol| (symbol.qualified(), symbol.kind.name(), symbol.line, symbol.complexity);
    outline.symbols.iter().map(symbol).collect()
}

fn calls(outline: &Outline) -> Vec<String> {
    let calls = outline.calls.iter().map(|call| {
        let on = call.on.as_ref().map(|on| format!("{on}.")).unwrap_or_default();
        format!("{} > {on}{}", call.from.as_deref().unwrap_or("-"), call.to)
    });
    let mut calls: Vec<String> = calls.collect();
    calls.sort_unstable();
    calls
}

fn imports(outline: &Outline) -> Vec<(&str, Option<&str>)> {
    outline.imports.iter().map(|import| (import.path.as_str(), import.name.as_deref())).collect()
}

const RUST: &str = r#"//! Carts.
use crate::money::{self, Money, round::*};
mod discount;

/// What somebody will buy.
/// More of it.
#[derive(Debug)]
pub struct Cart {
    items: Vec<Item>,
}

pub const MOST: usize = 10;

impl Cart {
    /// What is to be paid.
    pub fn total(&self) -> Money {
        if self.items.is_empty() && MOST > 0 {
            return Money::zero();
        }
        let sum = self.items.iter().map(|item| match item { Item::Free => 0, Item::Paid(p) => *p }).sum();
        self.rounded(sum)
    }

    fn rounded(&self, sum: u64) -> Money {
        money::up(sum)
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_empty_cart_is_free() {
        assert_eq!(Cart::new().total(), zero());
    }
}
"#;

#[test]
fn rust_is_read() {
    let outline = read("src/cart.rs", RUST);
    assert!(!outline.broken);
    assert_eq!(
        symbols(&outline),
        [
            ("Cart".into(), "struct", 8, 0),
            ("MOST".into(), "constant", 12, 0),
            ("Cart.total".into(), "method", 16, 5),
            ("Cart.rounded".into(), "method", 24, 1),
            ("tests".into(), "module", 30, 0),
            ("tests.an_empty_cart_is_free".into(), "function", 32, 1),
        ]
    );
    let total = &outline.symbols[2];
    assert_eq!((total.signature.as_str(), total.lines), ("pub fn total(&self) -> Money", 7));
    assert_eq!(total.doc.as_deref(), Some("What is to be paid."));
    assert_eq!(outline.symbols[0].doc.as_deref(), Some("What somebody will buy."));
    assert!(outline.symbols[5].test && !outline.symbols[3].test);
    assert_eq!(
        imports(&outline),
        [
            ("crate::money", None),
            ("crate::money", Some("Money")),
            ("crate::money::round", Some("*")),
            ("self::discount", None),
        ]
    );
    let calls = calls(&outline);
    for call in [
        "Cart.total > Money.zero",
        "Cart.total > self.rounded",
        "Cart.rounded > money.up",
        "tests.an_empty_cart_is_free > Cart.new",
        "tests.an_empty_cart_is_free > zero",
    ] {
        assert!(calls.contains(&call.to_owned()), "{call} of {calls:?}");
    }
}

#[test]
fn python_is_read() {
    let text = r#"import os
import shop.money as money
from .discount import rate, best as better
from shop import *

MOST = 10

class Cart(Base):
    """What somebody will buy.

    More."""

    @property
    def total(self):
        """What is to be paid."""
        if not self.items or MOST:
            return money.zero()
        return sum(item.price for item in self.items if item.price)

def test_total():
    assert Cart().total == 0
"#;
    let outline = read("shop/cart.py", text);
    assert_eq!(
        symbols(&outline),
        [
            ("MOST".into(), "constant", 6, 0),
            ("Cart".into(), "class", 8, 0),
            ("Cart.total".into(), "method", 14, 5),
            ("test_total".into(), "function", 20, 1),
        ]
    );
    assert_eq!(outline.symbols[2].doc.as_deref(), Some("What is to be paid."));
    assert_eq!(outline.symbols[2].signature, "def total(self)");
    assert!(outline.symbols[3].test);
    assert_eq!(
        imports(&outline),
        [
            ("os", None),
            ("shop.money", None),
            (".discount", Some("rate")),
            (".discount", Some("best")),
            ("shop", Some("*")),
        ]
    );
    let calls = calls(&outline);
    assert!(calls.contains(&"Cart.total > money.zero".to_owned()), "{calls:?}");
    assert!(calls.contains(&"test_total > Cart".to_owned()), "{calls:?}");
}

#[test]
fn typescript_is_read() {
    let text = r#"import fs, { readFile as read } from "node:fs";
import * as money from "./money";
export { rate } from './discount';
const legacy = require("./legacy");

/** What somebody will buy. */
export class Cart<T extends Item> implements Priced {
  private items: T[] = [];
  /** What is to be paid. */
  total(rounded: boolean): Money {
    return rounded && this.items.length ? money.up(this.sum()) : new Money(0);
  }
  sum = () => { for (const item of this.items) { add(item); } return 1; };
}

export interface Priced { total(rounded: boolean): Money }
type Id = string;
enum State { Open, Paid }
export const add = (item: Item): number => item.price;
export const MOST = 10;
"#;
    let outline = read("web/cart.ts", text);
    assert!(!outline.broken);
    assert_eq!(
        symbols(&outline),
        [
            ("legacy".into(), "constant", 4, 0),
            ("Cart".into(), "class", 7, 0),
            ("Cart.total".into(), "method", 10, 3),
            ("Cart.sum".into(), "method", 13, 2),
            ("Priced".into(), "interface", 16, 0),
            ("Priced.total".into(), "method", 16, 1),
            ("Id".into(), "type", 17, 0),
            ("State".into(), "enum", 18, 0),
            ("add".into(), "function", 19, 1),
            ("MOST".into(), "constant", 20, 0),
        ]
    );
    assert_eq!(outline.symbols[1].doc.as_deref(), Some("What somebody will buy."));
    assert_eq!(outline.symbols[8].signature, "add = (item: Item): number");
    assert_eq!(
        imports(&outline),
        [
            ("node:fs", Some("default")),
            ("node:fs", Some("readFile")),
            ("./money", Some("*")),
            ("./discount", Some("rate")),
            ("./legacy", None),
        ]
    );
    let calls = calls(&outline);
    for call in ["Cart.total > money.up", "Cart.total > this.sum", "Cart.total > Money", "Cart.sum > add"] {
        assert!(calls.contains(&call.to_owned()), "{call} of {calls:?}");
    }
    let view = read("web/view.tsx", "export function View() { return <Cart total={total()} />; }\n");
    assert!(!view.broken, "JSX is read");
    let script = read("web/cart.js", "function total(a) { return a || zero(); }\n");
    assert_eq!(symbols(&script), [("total".into(), "function", 1, 2)]);
}

#[test]
fn go_is_read() {
    let text = r#"package cart

import (
	"fmt"
	m "example.com/shop/money"
)

const Most = 10

// Cart is what somebody will buy.
type Cart struct{ items []Item }

type Priced interface {
	Total() m.Money
}

// Total is what is to be paid.
func (c *Cart) Total() m.Money {
	for _, item := range c.items {
		if item.Free || item.Price == 0 {
			fmt.Println(item)
		}
	}
	return m.Up(c.sum())
}

func TestTotal(t *testing.T) { New().Total() }
"#;
    let outline = read("cart/cart.go", text);
    assert_eq!(
        symbols(&outline),
        [
            ("Most".into(), "constant", 8, 0),
            ("Cart".into(), "struct", 11, 0),
            ("Priced".into(), "interface", 13, 0),
            ("Priced.Total".into(), "method", 14, 1),
            ("Cart.Total".into(), "method", 18, 4),
            ("TestTotal".into(), "function", 27, 1),
        ]
    );
    assert_eq!(outline.symbols[1].doc.as_deref(), Some("Cart is what somebody will buy."));
    assert_eq!(imports(&outline), [("fmt", None), ("example.com/shop/money", None)]);
    let calls = calls(&outline);
    for call in ["Cart.Total > fmt.Println", "Cart.Total > m.Up", "Cart.Total > c.sum", "TestTotal > New"] {
        assert!(calls.contains(&call.to_owned()), "{call} of {calls:?}");
    }
}

#[test]
fn java_is_read() {
    let text = r#"package com.shop;

import com.shop.money.Money;
import static com.shop.money.Round.up;
import java.util.*;

/** What somebody will buy. */
public class Cart extends Base {
    static final int MOST = 10;

    public Cart() { super(); }

    /** What is to be paid. */
    @Override
    public Money total(boolean rounded) {
        for (Item item : items) {
            if (rounded && item.free()) { return Money.zero(); }
        }
        return rounded ? up(sum()) : new Money(0);
    }

    @Test
    void totals() { new Cart().total(true); }
}
"#;
    let outline = read("src/main/java/com/shop/Cart.java", text);
    assert_eq!(
        symbols(&outline),
        [
            ("Cart".into(), "class", 8, 0),
            ("Cart.MOST".into(), "constant", 9, 0),
            ("Cart.Cart".into(), "method", 11, 1),
            ("Cart.total".into(), "method", 14, 5),
            ("Cart.totals".into(), "method", 22, 1),
        ]
    );
    assert!(outline.symbols[4].test);
    assert_eq!(
        imports(&outline),
        [("com.shop.money", Some("Money")), ("com.shop.money.Round", Some("up")), ("java.util", Some("*"))]
    );
    let calls = calls(&outline);
    for call in ["Cart.total > Money.zero", "Cart.total > up", "Cart.total > Money", "Cart.total > item.free"]
    {
        assert!(calls.contains(&call.to_owned()), "{call} of {calls:?}");
    }
}

#[test]
fn broken_files_have_the_outline_of_what_is_whole() {
    let outline = read("src/a.rs", "fn whole() { other(); }\n\nfn half( { if x {\n");
    assert!(outline.broken);
    assert_eq!(outline.symbols[0].name, "whole");
    let brackets = "(".repeat(100_000);
    assert!(read("a.py", &brackets).broken, "and hostile ones end");
    let nested = format!("fn a() {{ {} }}", "if x { ".repeat(20_000));
    assert!(read("a.rs", &nested).broken);
    assert_eq!(read("a.rs", "").symbols, []);
    read("a.rs", "fn \u{fffd}\u{0}é() { é::ü(); }");
}

#[test]
fn what_is_beyond_the_bounds_is_left_out() {
    assert_eq!(outline("a.txt", "fn a() {}"), None);
    assert_eq!(outline("a.rs", &" ".repeat(MOST_BYTES + 1)), None);
    let many: String = (0..2_000).map(|number| format!("fn f{number}() {{ g{number}(); }}\n")).collect();
    let outline = read("a.rs", &many);
    assert!(outline.truncated);
    assert_eq!(outline.symbols.len(), MOST_SYMBOLS);
    let indexed = Indexed { outline, ..Indexed::default() };
    let json = serde_json::to_string(&indexed).unwrap();
    assert!(json.len() < 500_000, "{}", json.len());
    assert!(indexed.outline.readable("a.rs").len() <= 6_100);
}

#[test]
fn attributes_are_read_as_they_are_written() {
    let outline = read("src/cart.rs", RUST);
    let indexed = Indexed { root: Some("/srv".into()), hash: "h".into(), bytes: 9, gone: false, outline };
    let json = serde_json::to_string(&indexed).unwrap();
    assert_eq!(serde_json::from_str::<Indexed>(&json).unwrap(), indexed);
    // What others send may lack most of it.
    let sent = r#"{"language":"go","symbols":[{"name":"A","kind":"struct","line":1,"lines":2}],"other":1}"#;
    let sent: Indexed = serde_json::from_str(sent).unwrap();
    assert_eq!((sent.outline.language, sent.outline.symbols.len()), (Some(Language::Go), 1));
    let readable = indexed.outline.readable("src/cart.rs");
    assert!(
        readable.starts_with("src/cart.rs · rust · 35 lines\n  pub struct Cart · What somebody"),
        "{readable}"
    );
}

fn graph(files: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::default();
    for (path, text) in files {
        graph.put(state(path, text));
    }
    graph.settle();
    graph
}

fn state(path: &str, text: &str) -> State {
    let indexed = Indexed { hash: text.len().to_string(), outline: read(path, text), ..Indexed::default() };
    State { path: path.into(), event: format!("e-{path}"), at: athena_schemas::Time::default(), indexed }
}

fn names(graph: &Graph, files: impl IntoIterator<Item = FileId>) -> Vec<String> {
    files.into_iter().map(|file| graph.file(file).unwrap().path.clone()).collect()
}

const SHOP: [(&str, &str); 4] = [
    ("src/lib.rs", "mod cart;\nmod money;\npub fn buy() { cart::Cart::new().total(); }\n"),
    (
        "src/cart.rs",
        "use crate::money::up;\npub struct Cart;\nimpl Cart {\n  pub fn new() -> Self { Cart }\n  pub fn total(&self) -> u64 { up(self.sum()) }\n  fn sum(&self) -> u64 { 0 }\n}\n",
    ),
    ("src/money.rs", "pub fn up(sum: u64) -> u64 { sum }\n"),
    ("tests/cart.rs", "use shop::Cart;\n#[test]\nfn totals() { let cart = Cart::new(); cart.total(); }\n"),
];

#[test]
fn what_uses_what_follows_from_names() {
    let graph = graph(&SHOP);
    let file = |path: &str| graph.find(path).unwrap();
    assert_eq!(names(&graph, graph.uses(file("src/cart.rs"))), ["src/money.rs"]);
    assert_eq!(names(&graph, graph.used_by(file("src/cart.rs"))), ["src/lib.rs", "tests/cart.rs"]);
    let total = graph.definitions("Cart::total", None);
    assert_eq!(total.len(), 1);
    let callers: Vec<_> = graph.callers(total[0]).into_iter().map(|(file, call)| (file, call.line)).collect();
    assert_eq!(callers, [(file("src/lib.rs"), 3), (file("tests/cart.rs"), 3)]);
    let sum = graph.definitions("sum", None)[0];
    assert_eq!(graph.callers(sum)[0].1.from.as_deref(), Some("Cart.total"));
    let callees: Vec<_> = graph.callees(total[0]).into_iter().map(|(call, _)| call.to.as_str()).collect();
    assert_eq!(callees, ["sum", "up"]);
    let reached = graph.reached_by(&[file("src/money.rs")], 3, 10);
    let reached: Vec<_> =
        reached.into_iter().map(|(file, level, _)| (names(&graph, [file]).remove(0), level)).collect();
    assert_eq!(
        reached,
        [("src/lib.rs".into(), 1), ("src/cart.rs".into(), 1), ("tests/cart.rs".into(), 2)],
        "a module is used by what declares it"
    );
}

#[test]
fn what_is_gone_is_not_used_any_more() {
    let mut graph = graph(&SHOP);
    let gone = State { indexed: Indexed { gone: true, ..Indexed::default() }, ..state("src/money.rs", "") };
    graph.put(gone);
    graph.settle();
    assert_eq!(graph.find("src/money.rs"), None);
    assert_eq!(graph.last_event("src/money.rs"), Some("e-src/money.rs"));
    let cart = graph.find("cart.rs");
    assert_eq!(cart, None, "two paths end so");
    let cart = graph.find("src/cart.rs").unwrap();
    assert_eq!(names(&graph, graph.uses(cart)), ["src/lib.rs"], "the crate itself may have it");
    assert!(graph.definitions("up", None).is_empty());
    graph.put(state("src/money.rs", "pub fn up(sum: u64) -> u64 { sum }\npub fn down() {}\n"));
    graph.settle();
    assert_eq!(names(&graph, graph.uses(cart)), ["src/money.rs"]);
    assert_eq!(graph.definitions("down", None).len(), 1);
}

#[test]
fn a_name_that_many_have_means_none_of_them() {
    let graph = graph(&[
        ("a.py", "class A:\n    def get(self): pass\n"),
        ("b.py", "class B:\n    def get(self): pass\n"),
        ("c.py", "def use(thing):\n    thing.get()\n    A.get()\n"),
    ]);
    let of = |name: &str| graph.callers(graph.definitions(name, None)[0]).len();
    assert_eq!((of("A.get"), of("B.get"), graph.open_calls("get")), (1, 0, 1));
}

#[test]
fn symbols_are_found_by_words() {
    let graph = graph(&[("src/cart.rs", RUST)]);
    let found = |query: &str, kind| -> Vec<String> {
        let found = graph.search(query, kind, 10).into_iter();
        found.map(|(place, _)| graph.symbol(place).unwrap().1.qualified()).collect()
    };
    assert_eq!(found("what is to be paid in total?", None)[0], "Cart.total");
    assert_eq!(found("is an empty cart free", Some(SymbolKind::Function)), ["tests.an_empty_cart_is_free"]);
    assert_eq!(found("MOST", None)[0], "MOST");
    assert!(found("refund", None).is_empty());
}

/// Who uses a definition: the symbol that does, or its file.
fn users(graph: &Graph, name: &str) -> Vec<String> {
    let places = graph.definitions(name, None);
    assert_eq!(places.len(), 1, "{name} is one");
    let by = |(file, call): (FileId, &Called)| {
        call.from.clone().unwrap_or_else(|| graph.file(file).unwrap().path.clone())
    };
    let mut users: Vec<String> = graph.callers(places[0]).into_iter().map(by).collect();
    users.sort_unstable();
    users.dedup();
    users
}

fn reached(graph: &Graph, path: &str) -> Vec<String> {
    let reached = graph.reached_by(&[graph.find(path).unwrap()], 4, 100);
    names(graph, reached.into_iter().map(|(file, ..)| file))
}

#[test]
fn types_are_used_by_what_extends_and_names_them() {
    let graph = graph(&[
        ("a/Shape.java", "package a;\npublic interface Shape { double area(); }\n"),
        (
            "a/Square.java",
            "package a;\npublic class Square implements Shape { public double area() { return K.ONE; } }\n",
        ),
        ("a/Big.java", "package a;\npublic class Big extends Square { Shape s; void f(Shape x) {} }\n"),
        ("a/Use.java", "package a;\nclass Use { double g(Square q) { return q.area(); } }\n"),
        ("a/K.java", "package a;\nclass K { static final double ONE = 1; }\n"),
        ("b/Other.java", "package b;\nclass Other { Shape none; }\n"),
    ]);
    assert_eq!(users(&graph, "Shape"), ["Big", "Big.f", "Square"]);
    assert_eq!(users(&graph, "Square.area"), ["Use.g"]);
    assert!(users(&graph, "Shape.area").is_empty(), "the caller names the other type");
    assert_eq!(reached(&graph, "a/Shape.java"), ["a/Square.java", "a/Big.java", "a/Use.java"]);
    assert_eq!(users(&graph, "K.ONE"), ["Square.area"]);
}

#[test]
fn a_member_that_is_imported_by_its_name_is_the_one() {
    let graph = graph(&[
        ("u/Text.java", "package u;\npublic class Text { public static int max(int a) { return a; } }\n"),
        ("u/Other.java", "package u;\npublic class Other { public static int max(int a) { return a; } }\n"),
        ("a/Use.java", "package a;\nimport static u.Text.max;\nclass Use { int f() { return max(1); } }\n"),
    ]);
    assert_eq!(users(&graph, "Text.max"), ["Use.f"]);
    assert!(users(&graph, "Other.max").is_empty());
}

#[test]
fn bases_are_those_of_each_language() {
    let of = |path: &str, text: &str| -> Vec<String> {
        let outline = read(path, text);
        let bases = outline.calls.iter().filter(|call| call.how == How::Extends);
        bases.map(|base| format!("{} > {}", base.from.as_deref().unwrap_or("-"), base.to)).collect()
    };
    assert_eq!(
        of("a.rs", "impl<T> geo::Shape<T> for Circle<T> {}\ntrait A: B + c::D {}\n"),
        ["Circle > Shape", "A > B", "A > D"]
    );
    assert_eq!(of("a.py", "class A(Base, m.Other, metaclass=M): pass\n"), ["A > Base", "A > Other"]);
    assert_eq!(
        of("a.ts", "class C extends B<number> implements P, q.R {}\ninterface I extends J {}\n"),
        ["C > B", "C > P", "C > R", "I > J"]
    );
    assert_eq!(
        of(
            "a.go",
            "package p\ntype D struct { *Mem[string]; st.Base; N int }\ntype I interface { Reader }\n"
        ),
        ["D > Base", "D > Mem", "I > Reader"]
    );
    assert_eq!(
        of("a.java", "class S extends T<A> implements P, Comparable<S> {}\ninterface I extends J {}\n"),
        ["S > Comparable", "S > P", "S > T", "I > J"]
    );
}

#[test]
fn files_of_a_package_use_each_others_types() {
    let graph = graph(&[
        (
            "p/a.go",
            "package p\ntype Conf struct { N int }\nconst Most = 3\nfunc gen[T any](x T) T { return x }\nfunc plain(x int) int { return x }\n",
        ),
        (
            "p/b.go",
            "package p\nfunc Run(c Conf) int { return gen[int](c.N) + Most }\nvar Handlers = map[string]func(int) int{\"p\": plain}\n",
        ),
        ("q/c.go", "package q\nfunc Own(plain int) { use(plain); var c Conf }\n"),
    ]);
    assert_eq!(users(&graph, "Conf"), ["Run"]);
    assert_eq!(users(&graph, "Most"), ["Run"]);
    assert_eq!(users(&graph, "gen"), ["Run"], "a call that says its types");
    assert_eq!(users(&graph, "plain"), ["Handlers"], "a function that is passed on, and no variable");
}

#[test]
fn decorators_and_components_are_called() {
    let python = graph(&[(
        "a.py",
        "def cached(fn): return fn\ndef route(path): pass\n@cached\ndef f(): pass\nclass A:\n    @route('/')\n    def g(self): pass\n",
    )]);
    assert_eq!(users(&python, "cached"), ["f"]);
    assert!(users(&python, "route").contains(&"A.g".to_owned()));
    let script = graph(&[
        (
            "page.tsx",
            "import { Button as Btn } from './comp';\nexport function Page() { return <Btn onClick={go}><Row/></Btn>; }\nfunction Row() { return <i/>; }\nfunction go() {}\n",
        ),
        ("comp.tsx", "export function Button() { return <b/>; }\n"),
    ]);
    assert_eq!(users(&script, "Row"), ["Page"]);
    assert_eq!(users(&script, "go"), ["Page"]);
    assert_eq!(users(&script, "Button"), ["Page"]);
}

#[test]
fn aliases_lead_to_what_they_stand_for() {
    let rust = graph(&[
        (
            "src/lib.rs",
            "mod geo;\nmod util;\npub use geo::area as surface;\nuse util::round as near;\npub fn entry() { near(surface(2.0)); it.map(util::half); }\n",
        ),
        ("src/util.rs", "pub fn round(x: f64) -> f64 { x.round() }\npub fn half(x: f64) -> f64 { x }\n"),
        ("src/geo/mod.rs", "mod circle;\npub use self::circle::area;\n"),
        (
            "src/geo/circle.rs",
            "pub fn area(r: f64) -> f64 { r }\npub struct Circle;\nimpl Circle { fn area(&self) -> f64 { area(1.0) } }\n",
        ),
    ]);
    assert_eq!(users(&rust, "util::round"), ["entry"], "a method of a value is another");
    assert_eq!(users(&rust, "half"), ["entry"]);
    assert_eq!(users(&rust, "surface"), ["Circle.area", "entry"]);
    assert_eq!(rust.definitions("crate::geo::surface", None), []);
    let method = rust.definitions("Circle.area", None)[0];
    assert!(rust.importers_of(method).is_empty(), "a function of that name is brought in");
    let function = rust.definitions("circle::area", None);
    assert_eq!(rust.importers_of(function[0]).len(), 1);
    let python = graph(&[
        ("pkg/__init__.py", "from .core import Engine as Motor\n"),
        (
            "pkg/core.py",
            "from .helpers import slug as make\nimport pkg.deep as pd\nclass Base:\n    def go(self): pass\nclass Engine(Base):\n    def name(self):\n        self.go()\n        pd.dig()\n        return make('x')\n",
        ),
        ("pkg/helpers.py", "def slug(s): return s\n"),
        ("pkg/deep.py", "def dig(): pass\n"),
        ("use.py", "from pkg import Motor\ndef run():\n    Motor()\n"),
    ]);
    assert_eq!(users(&python, "slug"), ["Engine.name"]);
    assert_eq!(users(&python, "dig"), ["Engine.name"]);
    assert_eq!(users(&python, "Base.go"), ["Engine.name"], "what a base has is the type's own");
    assert_eq!(users(&python, "Motor"), ["run"]);
    assert_eq!(python.definitions("core.Engine", None), python.definitions("Engine", None));
}

#[test]
fn a_method_of_a_field_is_not_the_one_that_calls_it() {
    let graph = graph(&[
        ("store/store.go", "package store\ntype Store interface { Close() error }\n"),
        (
            "app/main.go",
            "package main\nimport st \"x.com/store\"\ntype Server struct { s st.Store }\nfunc (s *Server) Close() error { return s.s.Close() }\n",
        ),
    ]);
    assert!(users(&graph, "Server.Close").is_empty());
    assert_eq!(users(&graph, "Store.Close"), ["Server.Close"]);
}

#[test]
fn many_steps_are_followed_as_few_are() {
    let file = |n: usize| {
        (format!("m{n}.py"), format!("from m{} import f{}\ndef f{n}():\n    f{}()\n", n + 1, n + 1, n + 1))
    };
    let files: Vec<(String, String)> = (0..60).map(file).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let graph = graph(&files);
    let reached = graph.reached_by(&[graph.find("m59.py").unwrap()], 50, 100);
    assert_eq!(reached.len(), 50);
    assert!(
        reached
            .iter()
            .all(|(file, level, _)| graph.file(*file).unwrap().path == format!("m{}.py", 59 - level))
    );
}

#[test]
fn circles_of_bases_and_of_files_end() {
    let types = |file: usize| -> String {
        let all: Vec<String> = (0..12).map(|n| format!("T{n}")).collect();
        let class =
            |n: usize| format!("class T{n}({}):\n    def f{file}(self): self.none()\n", all.join(", "));
        format!("from m{} import *\n{}", (file + 1) % 8, (0..12).map(class).collect::<String>())
    };
    let files: Vec<(String, String)> = (0..8).map(|n| (format!("m{n}.py"), types(n))).collect();
    let mut files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("other.py", "from m0 import missing\nclass O:\n    def none(self): missing()\n"));
    let graph = graph(&files);
    assert!(users(&graph, "O.none").is_empty());
    assert_eq!(names(&graph, graph.uses(graph.find("other.py").unwrap())), ["m0.py"]);
}
