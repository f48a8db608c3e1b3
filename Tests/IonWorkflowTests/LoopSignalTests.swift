import IonWorkflow
import Testing

@Suite struct LoopSignalTests {
  @Test(arguments: [
    "<promise>DONE</promise>", "it is <x>DONE</x>, I think", "<promise> DONE\n</promise>", "DONE", "all well\nDONE\n",
    "  DONE\t", "first\r\nDONE\r\nlast", "<a>no</a><b>DONE</b>", "<a><b>DONE</b></a>", "1 > 0 <p>DONE</p>",
  ])
  func isGiven(_ text: String) { #expect(LoopSignal.isGiven("DONE", in: text)) }

  @Test(arguments: [
    "", "NOT DONE", "DONE.", "I am DONE", "done", "<promise>DONE", "DONE</promise>", "<a>DONE</b>", "<>DONE</>",
    "<promise>NOT DONE</promise>", "</a>DONE</a>", "<a>DONE<a>", "DONE DONE", "`DONE`", "> DONE", "<a\u{301}>DONE</a>",
    "DO\nNE",
  ])
  func isNotGiven(_ text: String) { #expect(!LoopSignal.isGiven("DONE", in: text)) }

  @Test func aSignalMayHaveSpacesAndIsTakenByItsBytes() {
    #expect(LoopSignal.isGiven("ALL DONE", in: "<p>ALL DONE</p>"))
    #expect(LoopSignal.isGiven(" DONE ", in: "DONE"))
    #expect(!LoopSignal.isGiven("é", in: "e\u{301}"))
    #expect(!LoopSignal.isGiven("  ", in: "\n\n"))
  }
}
