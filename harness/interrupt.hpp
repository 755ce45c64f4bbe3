// SIGINT, SIGTERM and SIGHUP as something that loops can ask and poll. Touches signal
// dispositions.
#pragma once

namespace nettest {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP (unless ignored, as nohup
/// does) that only set a flag and wake a descriptor; SIGPIPE is ignored. Call once, before threads.
void install_interrupt_handlers();

/// True once an interrupt has come.
bool interrupted();

/// A descriptor that becomes readable, and stays so, when an interrupt comes;
/// for poll(2) and Asio.
int interrupt_descriptor();

/// Gives a forked process an interrupt of its own, not yet come. Call there first of all.
void separate_interrupts();

/// Makes as if a signal had come (tests), or forgets one that has.
void raise_interrupt();
void clear_interrupt();

}  // namespace nettest
