import IonAgents
import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// Random talks with agents that say anything at any time: a turn ends once, and whoever asks is answered once.
@Suite struct ACPHistoryTests {
  /// Numbers that follow from a seed.
  private struct Dice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private struct History {
    var dice: Dice
    var conversation: ACPConversation
    /// What is known of the effects: tickets that are worked on, timers that run.
    var tickets: [ACPTicket] = []
    var timers: [ACPTimer] = []
    var permissions: [String] = []
    var sent: [JSONValue] = []
    var ends = 0
    /// How many requests the agent made, which is their last id.
    var requests: Int64 = 0

    init(seed: UInt64) {
      dice = Dice(state: seed)
      var task = ACPTask(workingPath: "/w")
      task.prompt = "do it"
      if seed.isMultiple(of: 3) { task.session = SessionRequest("s", seed.isMultiple(of: 2) ? .fork : .resume) }
      if seed.isMultiple(of: 4) { (task.model, task.effort, task.mode) = ("m", "high", "code") }
      conversation = ACPConversation(task)
    }

    mutating func obey(_ effects: [ACPEffect]) {
      for effect in effects {
        switch effect {
        case .send(let message): sent.append(message)
        case .perform(_, let ticket): tickets.append(ticket)
        case .wake(let timer, _): timers.append(timer)
        case .tell(.permissionRequested(let request)): permissions.append(request.id)
        case .tell(.permissionWithdrawn(let id)): permissions.removeAll { $0 == id }
        case .tell(.ended): ends += 1
        case .tell: #expect(ends == 0, "nothing follows the end")
        case .setPatient, .endTerminals, .closeInput, .stop: break
        }
      }
    }

    mutating func step() {
      switch Int.random(in: 0..<12, using: &dice) {
      case 0...3: obey(conversation.take(answer()))
      case 4...6: obey(conversation.take(line(request())))
      case 7:
        obey(conversation.take(line(["method": "session/update", "params": ["sessionId": "s", "update": update()]])))
      case 8: obey(conversation.take(mutated()))
      case 9:
        guard let ticket = tickets.popLast() else { return }
        obey(conversation.settle(ticket, ACPWorkResult(.success([:]), edit: FileEdit("/w/a", .changed))))
      case 10:
        guard let id = permissions.randomElement(using: &dice) else { return }
        permissions.removeAll { $0 == id }
        obey(conversation.answer(id, with: ["y", nil, "?"].randomElement(using: &dice) ?? nil))
      default: rare()
      }
    }

    private mutating func rare() {
      switch Int.random(in: 0..<6, using: &dice) {
      case 0: obey(conversation.cancel(grace: .seconds(Int.random(in: 0...13, using: &dice))))
      case 1, 2: if let timer = timers.randomElement(using: &dice) { obey(conversation.elapsed(timer)) }
      default:
        obey(conversation.take(line(["method": "$/cancel_request", "params": ["requestId": .integer(requests)]])))
      }
    }

    private func line(_ value: JSONValue) -> [UInt8] { value.serialized() }

    /// An answer to the latest of Ion's requests, mostly a good one.
    private mutating func answer() -> [UInt8] {
      let asked = sent.last { $0["method"] != nil && $0["id"] != nil }
      let abilities: JSONValue = ["loadSession": true, "sessionCapabilities": ["resume": [:], "fork": [:]]]
      let good: JSONValue =
        switch asked?["method"]?.stringValue {
        case "initialize": ["protocolVersion": 1, "agentCapabilities": abilities]
        case "session/prompt": ["stopReason": "end_turn"]
        default: ["sessionId": "s", "models": ["availableModels": [["modelId": "m", "name": "M"]]]]
        }
      let id = asked?["id"] ?? 1
      switch Int.random(in: 0..<8, using: &dice) {
      case 0: return line(["id": id, "error": ["code": -32603, "message": "no"]])
      case 1: return line(["id": id, "result": .null])
      case 2: return line(["id": .integer(Int64.random(in: 0...9, using: &dice)), "result": good])
      default: return line(["id": id, "result": good])
      }
    }

    private mutating func request() -> JSONValue {
      requests += 1
      let methods = ["session/request_permission", "unknown"] + ACPWork.methods.sorted()
      let options: JSONValue = Bool.random(using: &dice) ? [["optionId": "y", "name": "Y", "kind": "allow_once"]] : []
      let parameters: JSONValue = [
        "sessionId": "s", "path": "/w/a", "content": "", "command": "c", "terminalId": "t", "options": options,
        "toolCall": ["toolCallId": "t"],
      ]
      let isWhole = Int.random(in: 0..<6, using: &dice) > 0
      return [
        "id": .integer(requests), "method": .string(methods.randomElement(using: &dice) ?? ""),
        "params": isWhole ? parameters : .null,
      ]
    }

    private mutating func update() -> JSONValue {
      let kinds = [
        "agent_message_chunk", "tool_call", "tool_call_update", "plan", "usage_update", "config_option_update", "x",
      ]
      return [
        "sessionUpdate": .string(kinds.randomElement(using: &dice) ?? ""), "content": ["type": "text", "text": "t"],
        "toolCallId": .string(Bool.random(using: &dice) ? "t" : "u"), "status": "completed",
      ]
    }

    /// A message with a byte changed, or its end cut off; it asks for nothing.
    private mutating func mutated() -> [UInt8] {
      var bytes = line(["method": "session/update", "params": ["sessionId": "s", "update": update()]])
      let place = Int.random(in: 0..<bytes.count, using: &dice)
      if Bool.random(using: &dice) {
        bytes[place] = .random(in: 0...255, using: &dice)
      } else {
        bytes.removeSubrange(place...)
      }
      return bytes
    }
  }

  @Test(arguments: 0..<20) func aTurnEndsOnceWhateverIsSaid(_ block: UInt64) {
    for seed in block * 25..<block * 25 + 25 {
      var history = History(seed: seed)
      history.obey(history.conversation.begin())
      for _ in 0..<60 { history.step() }
      while let ticket = history.tickets.popLast() {
        history.obey(history.conversation.settle(ticket, ACPWorkResult(.success([:]))))
      }
      history.obey(history.conversation.programEnded(.exited(0)) { $0 })
      history.obey(history.conversation.programEnded(.exited(0)) { $0 })
      #expect(history.ends == 1 && history.permissions.isEmpty, "seed \(seed)")
      let answered = history.sent.filter { $0["method"] == nil }.compactMap { $0["id"]?.integerValue }.sorted()
      #expect(answered == Array(1..<history.requests + 1), "seed \(seed)")
    }
  }
}
