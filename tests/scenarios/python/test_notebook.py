"""The notebook of the examples, executed from first to last (Debian: python3-nbconvert, python3-ipykernel)."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[3] / "scenarios" / "python" / "examples"


def test_the_notebook_runs_from_first_to_last(tmp_path, monkeypatch):
    nbformat = pytest.importorskip("nbformat", reason="nbformat is missing")
    preprocessors = pytest.importorskip("nbconvert.preprocessors", reason="nbconvert is missing")
    pytest.importorskip("ipykernel", reason="ipykernel is missing")
    if not Path("/usr/share/datasets/fashion-mnist").exists():
        pytest.skip("dataset-fashion-mnist is not installed")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))  # nothing of the user's own
    monkeypatch.delenv("MPLBACKEND", raising=False)  # the kernel shows figures in the notebook
    notebook = nbformat.read(EXAMPLES / "tutorial.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)  # it is kept without what it printed
    preprocessors.ExecutePreprocessor(timeout=1800, kernel_name="python3").preprocess(
        notebook, {"metadata": {"path": str(tmp_path)}})
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    tables = [output.data.get("text/html", "") for output in outputs if output.output_type == "execute_result"]
    assert any("push-gossip" in table.lower() or "PushGossip" in table for table in tables)
    assert any("image/png" in output.get("data", {}) for output in outputs)
