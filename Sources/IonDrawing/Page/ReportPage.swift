internal import IonWorkflow

/// The report as one HTML page that stands alone: the graph, the timeline, a table of the nodes, and each one's details.
/// It loads nothing, works without its script, by keyboard, on light and dark, on narrow screens and on paper.
public enum ReportPage {
  /// The page's text.
  public static func html(_ picture: RunPicture) -> String {
    let title = ReportTitle(picture)
    let look = StatusLook(picture.status)
    let links = PictureLinks(picture.nodes)
    var markup: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="\(Markup(trusted: PageSecurity.policy))"/>
      <meta name="referrer" content="no-referrer"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="generator" content="Ion"/>
      <title>\(look.sign) \(PlainText.cut(title.line, to: 120))</title>
      <style>\(Markup(trusted: PageStyle.text))</style>
      </head>
      <body>
      \(picture.nodes.isEmpty ? "" : skip)
      <svg class="defs" width="0" height="0" aria-hidden="true"><defs>\(StatusLook.symbols)\(TimelineFigure.definitions)\
      </defs></svg>
      \(header(picture, title))<main>
      \(tools(picture))\(graph(picture, links))\(timeline(picture, links))\(table(picture))\(details(picture, links))</main>
      \(footer(picture))
      """
    markup += "<script>\(Markup(trusted: PageScript.text))</script>\n</body>\n</html>\n"
    return markup.text
  }

  private static let skip: Markup = "<a class=\"skip\" href=\"#nodes\">Skip to the table of nodes</a>"

  private static func header(_ picture: RunPicture, _ title: ReportTitle) -> Markup {
    let look = StatusLook(picture.status)
    var facts: [(String, Markup)] = [("Run", "<span class=\"id\">\(picture.id.rawValue)</span>")]
    // What is started at once was made then.
    if picture.startedAt.map({ $0 - picture.createdAt >= 1_000 }) ?? true {
      facts.append(("Made", TimeMarkup.of(picture.createdAt)))
    }
    if let start = picture.startedAt { facts.append(("Started", TimeMarkup.of(start))) }
    if let end = picture.endedAt { facts.append(("Ended", TimeMarkup.of(end))) }
    if picture.endedAt == nil { facts.append(("As of", TimeMarkup.of(picture.takenAt))) }
    facts += picture.facts.map { ($0.name, "\(PlainText.shortened($0.value, to: 400))") }
    let error: Markup =
      picture.error.map {
        "<p class=\"error \(look.rawValue)\"><span>\(PlainText.shortened($0, to: 4_000))</span></p>\n"
      } ?? ""
    return """
      <header>
      <div class="title"><svg class="\(look.rawValue)" role="img" aria-label="\(look.word)">\
      <use href="#mark-\(look.rawValue)"/></svg>
      <div><h1>\(PlainText.shortened(title.workflow, to: 200))</h1>
      <p class="state">\(title.state)</p></div>
      <button type="button" class="theme">Dark</button></div>
      \(error)<dl class="facts">\(facts.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" as Markup }.joined())</dl>
      </header>

      """
  }

  private static func tools(_ picture: RunPicture) -> Markup {
    let counts = picture.counts
    let chips = NodeStatus.allCases.compactMap { status -> Markup? in
      guard let count = counts[status] else { return nil }
      let look = StatusLook(status)
      return """
        <button type="button" class="chip \(look.rawValue)" data-status="\(look.rawValue)" aria-pressed="false">\
        \(look.icon)<span><b>\(count)</b> \(look.word)</span>\
        </button>
        """
    }
    return """
      <div class="tools"><input id="filter" type="search" placeholder="Filter nodes  /" aria-label="Filter nodes" \
      autocomplete="off" spellcheck="false"/>
      <div role="group" aria-label="Show only nodes that are">\(chips.joined())</div>
      <span id="found" class="count" role="status"></span></div>

      """
  }

  private static func graph(_ picture: RunPicture, _ links: PictureLinks) -> Markup {
    let figure = GraphFigure(picture, links, linkingTo: "node-")
    let buttons: Markup = """
      <button type="button" class="zoom" id="smaller" aria-label="Draw smaller">−</button>\
      <button type="button" class="zoom" id="fit">Fit</button>\
      <button type="button" class="zoom" id="larger" aria-label="Draw larger">+</button>
      """
    let content: Markup =
      picture.nodes.isEmpty
      ? "<p class=\"empty\">The run has no nodes.</p>"
      : """
      <div class="scroll"><svg class="figure" role="group" aria-label="Graph of \(picture.nodes.count) nodes" \
      width="\(figure.size.width)" height="\(figure.size.height)" viewBox="0 0 \(figure.size.width) \(figure.size.height)">
      \(figure.content)</svg></div>
      """
    return """
      <section class="card" id="graph" aria-labelledby="graph-title"><div class="head"><h2 id="graph-title">Graph</h2>\
      \(picture.nodes.isEmpty ? "" : buttons)</div>
      \(content)</section>

      """
  }

  private static func timeline(_ picture: RunPicture, _ links: PictureLinks) -> Markup {
    let content: Markup
    if let figure = TimelineFigure(picture, links, width: 1_360) {
      content = """
        <div class="scroll"><svg class="figure" role="img" aria-label="Timeline; the table of nodes says the same" \
        width="\(figure.size.width)" height="\(figure.size.height)" viewBox="0 0 \(figure.size.width) \(figure.size.height)">
        \(figure.content)</svg></div>
        """
    } else {
      content = "<p class=\"empty\">Nothing ran.</p>"
    }
    return """
      <section class="card" id="timeline" aria-labelledby="timeline-title"><div class="head">\
      <h2 id="timeline-title">Timeline</h2></div>
      \(content)</section>

      """
  }

  private static func table(_ picture: RunPicture) -> Markup {
    guard !picture.nodes.isEmpty else { return "" }
    return """
      <section class="card" id="nodes" aria-labelledby="nodes-title" tabindex="-1"><div class="head">\
      <h2 id="nodes-title">Nodes</h2></div>
      <div class="rows"><table><thead><tr><th scope="col">Node</th><th scope="col">Status</th>\
      <th scope="col" class="optional">Kind</th><th scope="col" class="optional">Began</th><th scope="col">Took</th>\
      <th scope="col" class="optional">Attempts</th><th scope="col">Why</th></tr></thead><tbody>
      \(picture.nodes.indices.map { row(picture, $0) }.joined())</tbody></table></div></section>

      """
  }

  private static func row(_ picture: RunPicture, _ index: Int) -> Markup {
    let node = picture.nodes[index]
    let look = StatusLook(node.status)
    let id = PlainText.cut(node.id.rawValue, to: 120)
    let start = node.executions.last?.startedAt ?? (node.attempt > 0 ? node.startedAt : nil)
    let began = start.flatMap { time in picture.startedAt.map { "+" + TimeText.span(time - $0) } } ?? ""
    let took = node.duration(by: picture.takenAt).map(TimeText.span) ?? ""
    let why = (node.error ?? node.summary).map { PlainText.shortened(PlainText.line($0), to: 240) } ?? ""
    let words = "\(id) \(node.kind) \(look.word)".lowercased()
    return """
      <tr data-node="\(index)" data-status="\(look.rawValue)" data-text="\(words)">\
      <td><a class="id" href="#node-\(index)">\(id)</a></td>\
      <td class="status \(look.rawValue)">\(look.icon)\
      <span>\(look.word)</span></td>\
      <td class="optional">\(node.kind)</td><td class="number optional">\(began)</td><td class="number">\(took)</td>\
      <td class="number optional">\(node.attempt > 0 ? String(node.attempt) : "")</td><td class="why">\(why)</td></tr>

      """
  }

  private static func details(_ picture: RunPicture, _ links: PictureLinks) -> Markup {
    guard !picture.nodes.isEmpty else { return "" }
    let articles = picture.nodes.indices.map { NodeDetail(picture, $0, links).markup }
    return """
      <section class="card" id="details" aria-labelledby="details-title"><div class="head">\
      <h2 id="details-title">Details</h2><button type="button" class="close" aria-label="Close the details">Close</button></div>
      \(articles.joined())</section>

      """
  }

  private static func footer(_ picture: RunPicture) -> Markup {
    """
    <footer><span>Drawn by Ion \(TimeMarkup.of(picture.takenAt))</span>
    <span class="keys"><kbd>Tab</kbd> into the graph, <kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> from node to node, \
    <kbd>Enter</kbd> opens one, <kbd>Esc</kbd> closes it, <kbd>/</kbd> filters</span></footer>

    """
  }
}
