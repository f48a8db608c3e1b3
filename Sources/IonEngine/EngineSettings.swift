public import IonWorkflow
internal import IonWorkflowFile

/// What the user's own configuration says about the whole process.
public enum EngineSettings {
  /// How many shell steps may run at once; nil where nothing is said.
  public static func shellSlots(userFolder: AbsolutePath) -> Int? {
    guard let bytes = FileAccess.bytes(userFolder.appending("config.yaml"), limit: 1024 * 1024) else { return nil }
    return ConfigReader.read(bytes).configuration?.slots.shells
  }
}
