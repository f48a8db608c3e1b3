internal import IonLock
internal import IonProcess

/// What the program of a turn has printed, with its secrets hidden: in files, from which it is told piece by piece.
final class TurnOutput: Sendable {
  let files: OutputFiles
  /// How much of each stream was told of, in bytes: a character that lacks its end waits for it.
  private let reading = Guarded<[StepStream: Int]>([:])

  init(_ request: AgentRequest) { files = OutputFiles(request.folder, below: request.root) }

  /// Tells of what a stream has more by now, up to the last whole character.
  func tell(_ stream: StepStream, upTo end: Int, isComplete: Bool, _ take: (String) -> Void) {
    while true {
      let start = reading.withLock { $0[stream, default: 0] }
      guard start < end else { return }
      let view: OutputView = stream == .stdout ? .stdout : .stderr
      let slice: OutputSlice
      do throws(OutputFailure) {
        slice = try OutputReader(files).read(view, from: start, limit: 64 * 1024, isComplete: isComplete)
      } catch {
        return
      }
      guard slice.nextOffset > slice.offset else { return }
      reading.withLock { $0[stream] = slice.nextOffset }
      take(slice.text)
    }
  }

  /// The last lines of a stream, as far as it was printed by now.
  func tail(_ view: OutputView) -> String {
    do throws(OutputFailure) {
      let tail = try OutputReader(files).tail(view, limit: 2048, isComplete: true).text
      return tail.split { $0 == "\n" || $0 == "\r\n" }.suffix(8).joined(separator: "\n")
    } catch {
      return ""
    }
  }

  /// What went wrong, and the end of what the program said.
  func quoting(_ words: String, _ view: OutputView = .stderr) -> String {
    let tail = tail(view)
    return tail.isEmpty ? words : words + ": " + tail
  }
}
