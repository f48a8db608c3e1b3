internal import CIonProcess
internal import Glibc

/// What a program reads from its stdin, as a file that is nowhere but in memory.
enum MemoryFile {
  /// A file with these bytes, to be read from its beginning.
  static func holding(_ bytes: [UInt8]) throws(SystemError) -> Descriptor {
    let file = try Descriptor.made(by: ion_memory_file)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { all in
        let rest = UnsafeRawBufferPointer(rebasing: all[written...])
        return write(file.number, rest.baseAddress, rest.count)
      }
      if count >= 0 { written += count } else if errno != EINTR { throw .last }
    }
    guard lseek(file.number, 0, SEEK_SET) == 0 else { throw .last }
    return file
  }
}
