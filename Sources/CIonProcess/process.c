#define _GNU_SOURCE

#include "CIonProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

extern char **environ;

/// Describes the child's descriptors and folder. `closefrom` comes last: what is needed has been copied by then.
static int add_actions(posix_spawn_file_actions_t *actions, const struct ion_spawn_request *request) {
  int failure = request->in < 0 ? posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0)
                                : posix_spawn_file_actions_adddup2(actions, request->in, 0);
  if (!failure) failure = posix_spawn_file_actions_adddup2(actions, request->out, 1);
  if (!failure) failure = posix_spawn_file_actions_adddup2(actions, request->err, 2);
  if (!failure) failure = posix_spawn_file_actions_addclosefrom_np(actions, 3);
  if (!failure) failure = posix_spawn_file_actions_addchdir_np(actions, request->directory);
  return failure;
}

static int set_attributes(posix_spawnattr_t *attributes) {
  sigset_t none, all;
  sigemptyset(&none);
  // sigfillset leaves out two of the C library's own, which a child would have ignored then.
  memset(&all, 0xff, sizeof all);
  int failure = posix_spawnattr_setsigmask(attributes, &none);
  if (!failure) failure = posix_spawnattr_setsigdefault(attributes, &all);
  short flags = POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (!failure) failure = posix_spawnattr_setflags(attributes, flags);
  return failure;
}

int ion_spawn(const struct ion_spawn_request *request, int32_t *pid) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int failure = posix_spawn_file_actions_init(&actions);
  if (failure) return failure;
  failure = posix_spawnattr_init(&attributes);
  if (!failure) {
    failure = add_actions(&actions, request);
    if (!failure) failure = set_attributes(&attributes);
    if (!failure) {
      failure = posix_spawn(pid, request->path, &actions, &attributes, request->arguments, request->environment);
    }
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return failure;
}

/// Moves a descriptor above 2, where a child's standard streams can't collide with it.
static int move_up(int *descriptor) {
  if (*descriptor > 2) return 0;
  int moved = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
  if (moved < 0) return errno;
  close(*descriptor);
  *descriptor = moved;
  return 0;
}

// Opens a pipe of which one end, 0 for the reading one, is non-blocking.
static int open_pipe(int *reading, int *writing, int end) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  int failure = move_up(&ends[0]);
  if (!failure) failure = move_up(&ends[1]);
  if (!failure && fcntl(ends[end], F_SETFL, O_NONBLOCK) != 0) failure = errno;
  if (failure) {
    close(ends[0]);
    close(ends[1]);
    return failure;
  }
  *reading = ends[0];
  *writing = ends[1];
  return 0;
}

int ion_pipe(int *reading, int *writing) { return open_pipe(reading, writing, 0); }

int ion_input_pipe(int *reading, int *writing) { return open_pipe(reading, writing, 1); }

int ion_memory_file(int *descriptor) {
  *descriptor = memfd_create("ion", MFD_CLOEXEC);
  return *descriptor < 0 ? errno : move_up(descriptor);
}

int ion_pidfd_open(int32_t pid, int *descriptor) {
  long opened = syscall(SYS_pidfd_open, pid, 0);
  if (opened < 0) return errno;
  *descriptor = (int)opened;
  return 0;
}

int ion_pidfd_signal(int descriptor, int signal) {
  return syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0) < 0 ? errno : 0;
}

int ion_reap(int descriptor, struct ion_ending *ending) {
  siginfo_t info = {0};
  ending->ended = 0;
  if (waitid(P_PIDFD, (id_t)descriptor, &info, WEXITED | WNOHANG) != 0) return errno;
  if (info.si_pid == 0) return 0;
  ending->ended = 1;
  ending->signalled = info.si_code != CLD_EXITED;
  ending->value = info.si_status;
  return 0;
}

int ion_readable(int descriptor, int *count) { return ioctl(descriptor, FIONREAD, count) < 0 ? errno : 0; }

const char *ion_signal_name(int signal) { return sigabbrev_np(signal); }

const char *ion_signal_description(int signal) { return sigdescr_np(signal); }

int ion_event(int *descriptor) {
  *descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return *descriptor < 0 ? errno : 0;
}

int ion_timer(int *descriptor) {
  *descriptor = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC | TFD_NONBLOCK);
  return *descriptor < 0 ? errno : 0;
}

int ion_timer_set(int descriptor, int64_t instant) {
  if (instant < 1) instant = 1;  // all zero would disarm it
  struct itimerspec setting = {.it_value = {.tv_sec = instant / 1000000000, .tv_nsec = instant % 1000000000}};
  return timerfd_settime(descriptor, TFD_TIMER_ABSTIME, &setting, NULL) < 0 ? errno : 0;
}

int ion_become_subreaper(void) {
  struct sigaction action;
  if (sigaction(SIGCHLD, NULL, &action) != 0) return errno;
  if (action.sa_handler == SIG_IGN || (action.sa_flags & SA_NOCLDWAIT)) {
    if (action.sa_handler == SIG_IGN) action.sa_handler = SIG_DFL;
    action.sa_flags &= ~SA_NOCLDWAIT;
    if (sigaction(SIGCHLD, &action, NULL) != 0) return errno;
  }
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 ? errno : 0;
}

int ion_is_subreaper(void) {
  int answer = 0;
  return prctl(PR_GET_CHILD_SUBREAPER, &answer, 0, 0, 0) == 0 && answer != 0;
}

char *const *ion_environment(void) { return environ; }
