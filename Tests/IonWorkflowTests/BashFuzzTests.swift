import Testing

@testable import IonWorkflow

/// Random bodies: those that mean something, in a real bash; and those that don't, through the lexer alone.
@Suite struct BashFuzzTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomBodiesPrintTheirValues(seed: UInt64) async throws {
    var generator = BashGenerator(seed: seed)
    let bodies = (0..<25).map { _ in generator.body() }
    let outcomes = try await BashBench.run(bodies.map { BashBench.Case($0.text, [$0.values]) })
    for (body, outcome) in zip(bodies, outcomes) {
      #expect(BashBody.parse(body.text).faults.isEmpty, "\(body.text)")
      let isRight = outcome.outputs[0].utf8.elementsEqual(body.prints.utf8)
      #expect(
        isRight,
        """
        seed \(seed): \(body.text)\n-- with \(body.values)\n-- gave \(outcome.outputs[0].debugDescription)\n\
        -- not \(body.prints.debugDescription)\n\(outcome.errors)
        """)
      #expect(outcome.leftovers.isEmpty)
    }
  }

  /// Pieces of bash in no order.
  private static let pieces = [
    "$n.output", "$m.status", "$INPUTS.x", "\\", "'", "\"", "`", "$", "$'", "$\"", "$(", "$((", "((", "))", ")", "(",
    "${x:-", "${x#", "${x/",
    "${x:", "${", "}", "$[", "[", "]", "[[ ", " ]]", "<<A", "<<'A'", "<<-\"A\"", "\nA\n", "\n", " ", ";", ";;", "&&",
    "|", "<", ">", "<(",
    "case x in ", "esac", "for ", "in ", "do ", "done", "if ", "fi", "{ ", "eval ", "let ", "declare -a ", "a=(", "a[",
    "]=", "#", " # ", "\\\n",
    "-eq ", "=~ ", "== ", "@(", "é", "x", "ssh ", "awk ", "bash -c ", "coproc ", "function ", "time -p ", "unset ",
    "\t",
  ]

  /// How many bytes the lexer may look at for each byte of a body: nesting is bounded, and so is going back.
  private static let stepsPerByte = 2 * BashLexer.depthLimit

  private func lex(_ text: String) -> BashLexer {
    var lexer = BashLexer(Array(text.utf8))
    lexer.run()
    return lexer
  }

  @Test func anyTextIsReadAndRewritten() {
    var generator = SplitMix(seed: 7)
    for _ in 0..<2000 {
      let text = (0..<generator.next(below: 40)).map { _ in Self.pieces[generator.next(below: Self.pieces.count)] }
        .joined()
      let lexer = lex(text)
      #expect(lexer.steps <= Self.stepsPerByte * (text.utf8.count + 1), "\(text)")
      let (body, faults) = BashBody.parse(text)
      for (one, next) in zip(body.occurrences, body.occurrences.dropFirst()) {
        #expect(one.range.upperBound <= next.range.lowerBound, "\(text)")
      }
      #expect(faults.allSatisfy { $0.range.upperBound <= text.utf8.count && !$0.range.isEmpty }, "\(text)")
      let rewriting = body.rewritten()
      #expect(rewriting.text.utf8.count { $0 == 10 } == text.utf8.count { $0 == 10 }, "\(text)")
      #expect(Set(body.occurrences.map(\.reference)) == Set(rewriting.variables.map(\.reference)))
    }
  }

  @Test func everyPrefixIsRead() {
    var generator = BashGenerator(seed: 11)
    let texts = (0..<60).map { _ in generator.body().text }.filter { $0.utf8.count < 500 }
    #expect(texts.map(\.utf8.count).reduce(0, +) > 1000)
    for text in texts.prefix(10) {
      for end in text.unicodeScalars.indices { _ = BashBody.parse(String(text[..<end])).body.rewritten() }
    }
  }

  @Test(arguments: pieces)
  func theWorkIsLinear(piece: String) {
    // What it takes for twice the text is about twice the work, for each piece alone and behind what keeps it open.
    for start in ["", "$(", "\"", "`", "((", "cat <<A\n", "a=(", "${x:-", "[[ "] {
      let one = lex(start + String(repeating: piece + " ", count: 150)).steps
      let two = lex(start + String(repeating: piece + " ", count: 300)).steps
      #expect(two <= 3 * one + 2000, "\(start)\(piece): \(one), \(two)")
    }
  }

  @Test func alternationsAreLinear() {
    var generator = SplitMix(seed: 3)
    for _ in 0..<60 {
      let unit = (0..<4).map { _ in Self.pieces[generator.next(below: Self.pieces.count)] }.joined()
      let one = lex(String(repeating: unit, count: 200)).steps
      let two = lex(String(repeating: unit, count: 400)).steps
      #expect(two <= 3 * one + 2000, "\(unit): \(one), \(two)")
    }
  }
}
