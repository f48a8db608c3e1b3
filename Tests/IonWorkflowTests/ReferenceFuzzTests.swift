import IonJSON
import IonWorkflow
import Testing

/// What holds for every text and every reference, tried on many that chance made. The seeds are fixed: a failure repeats.
@Suite struct ReferenceFuzzTests {
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func printedReferenceReadsBack(seed: UInt64) {
    var maker = TextMaker(seed: seed)
    for _ in 0..<200 {
      let reference = maker.reference()
      #expect(Reference.parse(reference.description) == reference, "\(reference)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func anyTextIsReadAsTemplate(seed: UInt64) {
    var maker = TextMaker(seed: seed)
    for _ in 0..<200 {
      let text = maker.text()
      let bytes = Array(text.utf8)
      let reading = Template.parse(text)
      var end = 0
      for placed in reading.references {
        #expect(placed.range.lowerBound >= end && placed.range.upperBound <= bytes.count, "\(text)")
        end = placed.range.upperBound
        #expect(Reference.parse(String(decoding: bytes[placed.range], as: UTF8.self)) == placed.reference, "\(text)")
      }
      #expect(reading.references.map(\.reference) == reading.template.references)
      #expect(reading.faults.allSatisfy { !$0.range.isEmpty && $0.range.upperBound <= bytes.count }, "\(text)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func writtenSegmentsReadBack(seed: UInt64) {
    var maker = TextMaker(seed: seed)
    for _ in 0..<200 {
      // A space keeps what follows from being read as more of the reference.
      let parts = (0..<maker.number(below: 6)).map { _ in (maker.word(), maker.reference()) }
      let text = parts.map { "\($0.replacing("$", with: "$$"))\($1) " }.joined()
      let expected = parts.reduce(into: [Template.Segment]()) { segments, part in
        let lead = segments.isEmpty ? part.0 : " " + part.0
        if !lead.isEmpty { segments.append(.text(lead)) }
        segments.append(.reference(part.1))
      }
      #expect(Template.parse(text).template.segments == expected + (parts.isEmpty ? [] : [.text(" ")]), "\(text)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func anyTextIsReadAsConditionOrRefused(seed: UInt64) {
    var maker = TextMaker(seed: seed)
    for _ in 0..<200 {
      let text = maker.text()
      let bytes = Array(text.utf8)
      do {
        for placed in try Condition.parse(text).references {
          #expect(Reference.parse(String(decoding: bytes[placed.range], as: UTF8.self)) == placed.reference, "\(text)")
        }
      } catch {
        #expect(error.range.upperBound <= bytes.count && error.severity == .error, "\(text)")
      }
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func writtenConditionReadsBack(seed: UInt64) throws {
    var maker = TextMaker(seed: seed)
    for _ in 0..<100 {
      let (text, condition) = maker.condition(depth: 4)
      #expect(try Condition.parse(text).condition == condition, "\(text)")
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func negationTurnsEveryVerdict(seed: UInt64) {
    var maker = TextMaker(seed: seed)
    func verdict(_ condition: Condition) -> Result<Bool, ReferenceFailure> {
      Result { () throws(ReferenceFailure) in try condition.evaluate(in: SampleScope.scope) }
    }
    for _ in 0..<200 {
      let (_, condition) = maker.condition(depth: 3)
      #expect(verdict(.not(condition)) == verdict(condition).map { !$0 })
    }
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func numbersCompareAsIntegersDo(seed: UInt64) throws {
    var maker = TextMaker(seed: seed)
    for _ in 0..<100 {
      let left = maker.integer()
      let right = maker.number(below: 3) == 0 ? left : maker.integer()
      func holds(_ sign: String) throws -> Bool {
        let text = "\(maker.spelling(of: left)) \(sign) \(maker.spelling(of: right))"
        return try Condition.parse(text).condition.evaluate(in: ValueScope())
      }
      #expect(try holds("==") == (left == right), "\(left) \(right)")
      #expect(try holds("!=") == (left != right), "\(left) \(right)")
      #expect(try holds("<") == (left < right), "\(left) \(right)")
      #expect(try holds("<=") == (left <= right), "\(left) \(right)")
      #expect(try holds(">") == (left > right), "\(left) \(right)")
      #expect(try holds(">=") == (left >= right), "\(left) \(right)")
    }
  }
}
