#ifndef SIGNALBOX_CPROCESS_H
#define SIGNALBOX_CPROCESS_H

/// Makes this process inherit the orphans among its descendants, so that none of them can get away
/// by leaving its parent. Returns 0, or -1 with errno.
///
/// A shim, because prctl(2) takes a variable list of arguments.
int cp_inherit_orphans(void);

/// The number of a child that has ended and was not waited for yet; 0 if there is none.
int cp_dead_child(void);

#endif
