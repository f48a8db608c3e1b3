import IonWorkflow
import Testing

/// Moments as texts.
@Suite struct UTCTextTests {
  @Test(arguments: [0, 1_900_000_000_000, 951_782_400_123, -1, 4_102_444_800_000] as [Int64])
  func whatIsWrittenIsReadBack(_ moment: Int64) {
    #expect(UTCText.moment(UTCText.of(moment)) == moment)
  }

  @Test(
    arguments: [
      ("2030-03-17T17:46:40Z", 1_900_000_000_000), ("2030-03-17 17:46:40z", 1_900_000_000_000),
      ("2030-03-17T17:46:40.5Z", 1_900_000_000_500), ("2030-03-17T17:46:40.1234567Z", 1_900_000_000_123),
      ("2030-03-17T19:16:40+01:30", 1_900_000_000_000), ("2030-03-17T10:46:40-07:00", 1_900_000_000_000),
    ] as [(String, Int64)])
  func othersWriteThemInOtherWays(_ text: String, _ moment: Int64) { #expect(UTCText.moment(text) == moment) }

  @Test(arguments: [
    "", "tomorrow", "2030-03-17", "2030-03-17T17:46:40", "2030-03-17T17:46Z", "2030-13-17T17:46:40Z",
    "2030-03-17T24:46:40Z", "2030-03-17T17:46:40.Z", "2030-03-17T17:46:40Zx", "2030-03-17T17:46:40+1:00", "é030",
  ])
  func anythingElseIsNone(_ text: String) { #expect(UTCText.moment(text) == nil) }
}
