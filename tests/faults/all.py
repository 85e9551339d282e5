#!/usr/bin/env python3
"""Runs every test of this folder, then prints what was counted. Called by run."""

import sys
import unittest

import faults
import test_clock
import test_desk
import test_import
import test_limits
import test_lists
import test_policy
import test_spool
import test_squid
import test_workers

MODULES = (test_workers, test_policy, test_lists, test_spool, test_desk, test_clock, test_import, test_limits, test_squid)


def wanted(suite, words):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from wanted(test, words)
        elif not words or any(word in test.id() for word in words):
            yield test


def main():
    loader = unittest.defaultTestLoader
    suite = unittest.TestSuite(wanted(map(loader.loadTestsFromModule, MODULES), sys.argv[1:]))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    print(faults.table())
    for test, why in result.skipped:
        print(f"# left out: {test.id()}: {why}")
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
