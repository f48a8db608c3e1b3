internal import Glibc

/// An `errno` with what Ion needs to know about it.
struct SystemError: Error, Hashable, CustomStringConvertible {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  /// What the last call of the C library on this thread failed with.
  static var last: SystemError { SystemError(errno) }

  var isDiskFull: Bool { number == ENOSPC || number == EDQUOT }

  /// Whether there was too little of something that others will give back: descriptors, processes, memory.
  var isExhaustion: Bool { [EMFILE, ENFILE, EAGAIN, ENOMEM].contains(number) }

  /// The system's own words for it.
  var description: String {
    var words = [CChar](repeating: 0, count: 256)
    guard strerror_r(number, &words, words.count) == 0 else { return "error \(number)" }
    return String(decoding: words.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
