import Foundation
import IonJSON
import IonTestSupport
import Testing

@testable import IonServer

/// The conversations in `protocol-spec/transcripts`, held again with the server as it is.
///
/// With `ION_RECORD=1` the files are written anew from what the server says, and the test fails, so that nobody takes a
/// recording for a proof.
@Suite struct TranscriptTests {
  private static let isRecording = ProcessInfo.processInfo.environment["ION_RECORD"] == "1"

  @Test(arguments: try Transcript.names())
  func conversationGoesAsItIsWritten(name: String) async throws {
    let transcript = try Transcript(name)
    let heard = try await hold(transcript)
    if Self.isRecording {
      var recorded = transcript
      recorded.lines = heard
      try recorded.write()
      Issue.record("\(name).jsonl was written anew; look at the difference, and run the tests without ION_RECORD")
      return
    }
    let talk = { (lines: [Transcript.Line]) in
      lines.filter { $0.direction == .request } + lines.filter { $0.direction == .reply }
    }
    let (expected, actual) = (talk(transcript.lines), talk(heard))
    #expect(expected.count == actual.count)
    for (expected, actual) in zip(expected, actual) {
      #expect(expected.message.withoutNumbers == actual.message.withoutNumbers)
    }
    #expect(TranscriptNews(transcript.lines) == TranscriptNews(heard))
  }

  /// Says what the client says in the file, each time after everything that the file has heard by then.
  private func hold(_ transcript: Transcript) async throws -> [Transcript.Line] {
    let server = try await ServerFixture(files: transcript.files)
    let client = server.client
    var words = TranscriptWords(server)
    var heard: [Transcript.Line] = []
    func take() {
      while heard.count < client.log.count {
        let line = client.log[heard.count]
        heard.append(Transcript.Line(line.direction, words.written(line.message)))
      }
    }
    for (index, line) in transcript.lines.enumerated() where line.direction == .request {
      let before = transcript.lines[..<index]
      let news = TranscriptNews(before)
      let answers = before.filter { $0.direction == .reply }.count
      take()
      while !TranscriptNews(heard).covers(news) || heard.filter({ $0.direction == .reply }).count < answers {
        guard await client.next() != nil else { break }
        take()
      }
      client.send(words.spoken(line.message))
    }
    client.closeInput()
    _ = await client.rest()
    take()
    return heard
  }
}
