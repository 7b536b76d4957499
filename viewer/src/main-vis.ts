// The script of a page drawn by vis-network, through pyvis.
import { run } from "./shell";
import { withVis } from "./with-vis";

void run(withVis);
