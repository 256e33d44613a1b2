#!/usr/bin/env node
// The same entry for those who start it by node.
import '../dist/devshell.cjs';
