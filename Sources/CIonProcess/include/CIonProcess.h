#ifndef ION_PROCESS_H
#define ION_PROCESS_H

#include <stdint.h>

// What Swift can't call by itself: variadic functions, system calls without a wrapper, and the spawn attributes.
// Functions give 0, or the errno of what failed.

/// What `ion_spawn` starts.
struct ion_spawn_request {
  /// The program's absolute path; no search is made.
  const char *path;
  /// Argument 0 and what follows, ended by NULL.
  char *const *arguments;
  /// The whole environment, ended by NULL.
  char *const *environment;
  /// The folder it starts in.
  const char *directory;
  /// A descriptor above 2 that becomes the child's stdin; -1 for /dev/null.
  int in;
  /// Descriptors above 2 that become the child's stdout and stderr.
  int out;
  int err;
};

/// Starts a program as the leader of a new session, every signal at its default and unblocked,
/// and no other descriptor than 0, 1 and 2. Blocks until the child has executed the program or failed to.
int ion_spawn(const struct ion_spawn_request *request, int32_t *pid);

/// Opens a pipe whose ends are above 2 and closed on exec; only the reading end is non-blocking.
int ion_pipe(int *reading, int *writing);

/// The same where only the writing end is non-blocking.
int ion_input_pipe(int *reading, int *writing);

/// Makes a file that is in memory alone, above 2 and closed on exec, and is gone with its last descriptor.
int ion_memory_file(int *descriptor);

/// Opens a descriptor that becomes readable when the process has ended.
int ion_pidfd_open(int32_t pid, int *descriptor);

/// Sends a signal to the process that the descriptor stands for; 0 only asks whether it is there.
int ion_pidfd_signal(int descriptor, int signal);

/// How a child ended, as `ion_reap` says it.
struct ion_ending {
  /// Whether the child has ended, and is reaped now.
  int ended;
  /// Whether a signal ended it; `value` is that signal then, else the exit code.
  int signalled;
  int value;
};

/// Reaps the child that the descriptor stands for if it has ended; doesn't wait.
int ion_reap(int descriptor, struct ion_ending *ending);

/// How many bytes can be read from a pipe now.
int ion_readable(int descriptor, int *count);

/// A signal's name without SIG, and what it is for; NULL where it has none.
const char *ion_signal_name(int signal);
const char *ion_signal_description(int signal);

/// Opens a counter that is readable when it isn't 0; reading takes 8 bytes and resets it, writing 8 bytes adds.
int ion_event(int *descriptor);

/// Opens a timer of the boot clock, which goes on while the machine sleeps; reading takes 8 bytes.
int ion_timer(int *descriptor);

/// Makes a timer readable at an instant of the boot clock, in nanoseconds; one that has passed is now.
int ion_timer_set(int descriptor, int64_t instant);

/// Makes this process the parent of whatever its descendants orphan, and SIGCHLD's action the default if it was to be
/// ignored (an ignored one is inherited from whoever started this program, and costs every child's exit status).
int ion_become_subreaper(void);

/// Whether this process is a subreaper.
int ion_is_subreaper(void);

/// This process's environment, ended by NULL.
char *const *ion_environment(void);

#endif
