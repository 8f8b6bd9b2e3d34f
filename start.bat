@echo off
rem Starts the application on Windows; the work is done by scripts\start.py.
rem Plain ASCII: cmd miscounts lines with other letters under code page 65001.
setlocal
chcp 65001 >nul
pushd "%~dp0"
if errorlevel 1 goto stopped
for %%P in ("py -3.13" "py -3.12" "py -3.11" "python" "python3") do (
    %%~P -c "import sys; sys.exit(sys.version_info[:2] < (3, 11))" >nul 2>nul && (
        set "PYTHON=%%~P"
        goto found
    )
)
type scripts\no_python.txt
goto stopped

:found
%PYTHON% -m scripts.start
if not errorlevel 1 goto end

:stopped
pause

:end
popd
endlocal
