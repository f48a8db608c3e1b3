internal import IonProcess

/// What was found where a provider was tried without a prompt.
public struct AgentCheckup: Hashable, Sendable {
  /// A way to sign in that the agent offers.
  public struct SignIn: Hashable, Sendable {
    public var id: String
    /// For people.
    public var name: String

    public init(id: String, name: String) {
      self.id = id
      self.name = name
    }
  }

  /// Whether the agent takes who asks for somebody it serves.
  public enum Authentication: Hashable, Sendable {
    /// It can't be known without a prompt.
    case unknown
    case done
    case needed
  }

  /// The program that was started, where it was found; nil where it wasn't.
  public var program: String?
  /// False where nothing was started: there is nothing that it answers but a prompt.
  public var wasTried = true
  /// What the program says of itself.
  public var version: String?
  /// The version of the protocol that was agreed on; nil where there is none.
  public var protocolVersion: String?
  public var authentication = Authentication.unknown
  public var signIns: [SignIn] = []
  /// How long it took until it had answered, or failed.
  public var duration: Duration = .zero
  /// What went wrong; nil where it answers.
  public var failure: AgentFailure?
  /// What to do about it, for people.
  public var hint: String?
  /// The end of what it said on stderr.
  public var stderr = ""

  public init(program: String? = nil) { self.program = program }
}

extension AgentCheckup {
  /// What there is to say of a program before it is started: where it is, or that it isn't there.
  static func locating(_ program: String, for request: AgentRequest) -> AgentCheckup {
    let path = request.environment.last { $0.0 == "PATH" }?.1
    do throws(ProcessFailure) {
      return AgentCheckup(program: try ProgramSearch.locate(program, path: path, from: request.workingPath))
    } catch {
      var checkup = AgentCheckup()
      checkup.failure = AgentFailure(.unstartable, "\(error)")
      checkup.hint = "install it, or say in `providers` of .ion/config.yaml which `command` it is"
      return checkup
    }
  }
}
